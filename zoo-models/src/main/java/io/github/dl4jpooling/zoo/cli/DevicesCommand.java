// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import io.github.dl4jpooling.kernel.ComputeDevice;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.zoo.text.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what operators can run on. */
@Command(name = "devices",
        description = "List the devices that were found, the one in use, and why the others are not.",
        footer = {"", "Examples:", "  ./pooling devices",
            "  ./pooling devices -D" + ComputeDevices.DEVICE_PROPERTY + "=cuda:0"})
public final class DevicesCommand implements PoolingSubcommand {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Table table = new Table("Device", "What it is", "In use", "Why");
        for (ComputeDevice device : ComputeDevices.found()) {
            table.row(device.name(), device.details(), device.isInUse() ? "yes" : "no", device.reason());
        }
        spec.commandLine().getOut().print(table.toText());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
