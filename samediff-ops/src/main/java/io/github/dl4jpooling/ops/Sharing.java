// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Which windows share one value of a parameter. C, N are channels and batch, (oH, oW) the output map of images; other
 * dimensions accordingly, and with the channels last C comes last.
 *
 * <ul>
 *   <li>{@link #LAYER}: all; shape {@code [1]}.
 *   <li>{@link #CHANNEL}: those of a channel; shape {@code [C]}.
 *   <li>{@link #REGION}: those at a place of the map; shape {@code [oH,oW]}.
 *   <li>{@link #CHANNEL_REGION}: those of a channel at a place; shape {@code [C,oH,oW]}.
 *   <li>{@link #ELEMENT}: none, every output has its own; shape {@code [N,C,oH,oW]}.
 * </ul>
 */
public enum Sharing {
    // The order is stored in saved graphs: new ones go to the end.
    LAYER(false, false, false),
    CHANNEL(false, true, false),
    REGION(false, false, true),
    CHANNEL_REGION(false, true, true),
    ELEMENT(true, true, true);

    private final boolean perExample;
    private final boolean perChannel;
    private final boolean perPlace;

    Sharing(boolean perExample, boolean perChannel, boolean perPlace) {
        this.perExample = perExample;
        this.perChannel = perChannel;
        this.perPlace = perPlace;
    }

    /** @return whether every example has its own values */
    public boolean perExample() {
        return perExample;
    }

    /** @return whether every channel has its own values */
    public boolean perChannel() {
        return perChannel;
    }

    /** @return whether every place of the output map has its own values */
    public boolean perPlace() {
        return perPlace;
    }
}
