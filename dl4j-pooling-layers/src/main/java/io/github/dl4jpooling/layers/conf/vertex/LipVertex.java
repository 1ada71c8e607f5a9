// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.LipPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Local importance-based pooling with logits that other layers compute: inputs are the array to pool and the logits,
 * of the same shape. Sequences, images, volumes. Definition and edge cases: {@link LipPool}. With a logit network of
 * its own see {@link io.github.dl4jpooling.layers.conf.LipPooling}.
 *
 * <pre>{@code
 * .addVertex("pool", new LipVertex(PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build()), "x", "logits")
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class LipVertex extends WindowPoolingVertex {

    /** @param window the window */
    public LipVertex(PoolingWindow window) {
        super(window);
    }

    @Override
    public WindowedOp op() {
        return new LipPool(window());
    }

    @Override
    protected long[][] furtherShapes(long... inputShape) {
        return new long[][] {inputShape};
    }
}
