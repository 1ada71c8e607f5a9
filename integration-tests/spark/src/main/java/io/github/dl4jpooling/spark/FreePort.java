// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.nd4j.parameterserver.distributed.v2.transport.PortSupplier;

/** Takes a port that is free, so that several processes of one machine can share gradients. */
public final class FreePort implements PortSupplier {

    private static final long serialVersionUID = 1;

    private transient int port; // each process looks for one of its own

    @Override
    public synchronized int getPort() {
        if (port == 0) {
            try (DatagramSocket socket =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                port = socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return port;
    }
}
