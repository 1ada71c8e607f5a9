// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

/** A device that was found, or a kind of which none was: see {@link ComputeDevices#found}. */
public final class ComputeDevice {

    private final String name;
    private final String details;
    private final boolean inUse;
    private final String reason;

    ComputeDevice(String name, String details, boolean inUse, String reason) {
        this.name = name;
        this.details = details;
        this.inUse = inUse;
        this.reason = reason;
    }

    /** @return how {@link ComputeDevices#use} names it */
    public String name() {
        return name;
    }

    /** @return what it is */
    public String details() {
        return details;
    }

    /** @return whether operators run on it */
    public boolean isInUse() {
        return inUse;
    }

    /** @return why it is in use or not */
    public String reason() {
        return reason;
    }
}
