// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * A window op with a mask that is learned, one for the layer or one a channel, and a bias that may be left out. Inputs
 * besides the array to pool: the bias (if any) of shape [1] or [C], then the mask.
 */
public abstract class MaskOp extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    protected MaskOp() {}

    /**
     * Starts with a configuration.
     *
     * @param window the window
     * @param sharing {@link Sharing#LAYER} or {@link Sharing#CHANNEL}
     * @param bias whether there is a bias
     */
    protected MaskOp(PoolingWindow window, Sharing sharing, boolean bias) {
        super(window, options(Objects.requireNonNull(sharing, "sharing"), bias));
        checkOptions();
    }

    /** @return who shares a mask */
    public final Sharing sharing() {
        return Sharing.values()[(int) option(0, "sharing (0 LAYER, 1 CHANNEL)", 0, 1)];
    }

    /** @return whether there is a bias */
    public final boolean hasBias() {
        return flag(1, "bias");
    }

    /** The inputs besides the array to pool, by the names that the operator's formula has for them. */
    final List<WindowInput> furtherInputs(String bias, String mask) {
        WindowInput first = WindowInput.parameter(bias, sharing());
        return List.of(hasBias() ? first : first.absent(), WindowInput.mask(mask, sharing()));
    }

    @Override
    protected final void checkOptions() {
        super.checkOptions();
        sharing();
        hasBias();
    }
}
