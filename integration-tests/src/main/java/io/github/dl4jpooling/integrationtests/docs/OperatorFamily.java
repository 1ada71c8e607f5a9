// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.BlurPool;
import io.github.dl4jpooling.ops.ChannelPool;
import io.github.dl4jpooling.ops.CombinedOp;
import io.github.dl4jpooling.ops.CornerPool;
import io.github.dl4jpooling.ops.LineOp;
import io.github.dl4jpooling.ops.MapOp;
import io.github.dl4jpooling.ops.NetworkOp;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.QuantizationOp;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.SparseSitePool;
import io.github.dl4jpooling.ops.SpikingOp;
import io.github.dl4jpooling.ops.WindowOp;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Chapters of the document on the operators. Those with windows follow the order of the list, where each chapter begins
 * at the operator named here; the class of the op decides for the others.
 */
enum OperatorFamily {
    PLAIN("Plain windows", PoolingOperator.SOFT_POOL),
    NORMS("Norms and power means", PoolingOperator.PNORM_POOL),
    MIXED("Mixed, gated and tree pooling", PoolingOperator.MIXED_POOL),
    WEIGHTED("Weights from the window or a second map", PoolingOperator.LIP_POOL),
    STOCHASTIC("Elements drawn at random", PoolingOperator.STOCHASTIC_POOL),
    SPARSE("Active places and spikes", null),
    LINES("Lines of images", null),
    ATTENTION("Attention: channels, places, strips, learned queries", null),
    MAPS("Grids of given size, random windows and unpooling", null),
    COMBINED("Several poolings at once", null),
    NETWORKS("Moved places and logit networks", null),
    REGIONS("Regions", null),
    QUANTIZED("8-bit numbers", null),
    GRAPHS("Graphs and irregular regions", null),
    OTHERS("Other operators", null);

    private final String title;
    private final PoolingOperator first;

    OperatorFamily(String title, PoolingOperator first) {
        this.title = title;
        this.first = first;
    }

    String title() {
        return title;
    }

    private static OperatorFamily of(PoolingOperator operator) {
        PoolingOp op = operator.newOp();
        if (!operator.hasGradient() || op instanceof QuantizationOp) {
            return QUANTIZED;
        }
        if (op instanceof SparsePool || op instanceof SparseSitePool || op instanceof SpikingOp) {
            return SPARSE;
        }
        if (!(op instanceof WindowOp)) {
            return op instanceof LineOp || op instanceof CornerPool ? LINES
                    : op instanceof NetworkOp || op instanceof ChannelPool || op instanceof AttentionOp ? ATTENTION
                    : op instanceof CombinedOp ? COMBINED
                    : operator.name().startsWith("GRAPH_") ? GRAPHS
                    : op instanceof MapOp ? MAPS
                    : op instanceof BlurPool ? PLAIN
                    : op instanceof WindowedOp ? NETWORKS
                    : op instanceof RegionOp ? REGIONS : OTHERS;
        }
        OperatorFamily last = PLAIN;
        for (OperatorFamily family : values()) {
            if (family.first != null && family.first.compareTo(operator) <= 0) {
                last = family;
            }
        }
        return last;
    }

    /** The operators of each family that has any, in the order of the list. */
    static Map<OperatorFamily, List<PoolingOperator>> of(PoolingOperator... operators) {
        Map<OperatorFamily, List<PoolingOperator>> families = new EnumMap<>(OperatorFamily.class);
        for (PoolingOperator operator : operators) {
            families.computeIfAbsent(of(operator), family -> new ArrayList<>()).add(operator);
        }
        return families;
    }
}
