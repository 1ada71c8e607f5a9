// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.NetworkOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** An operator with a small network; its gradients are central differences. */
abstract class NetworkOracle extends OperatorOracle {

    /** Random numbers for a map and all parameters. */
    static OracleCase drawn(NetworkOp op, Random random, int channels) {
        int[] x = {1 + random.nextInt(2), channels, 1 + random.nextInt(3), 1 + random.nextInt(4)};
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(PlainArray.gaussian(random, 1, x));
        long[] shape = Arrays.stream(op.channelsLast() ? new int[] {x[0], x[2], x[3], x[1]} : x)
                .asLongStream().toArray();
        op.parameterShapes(shape).forEach((name, sizes) -> {
            int[] of = Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
            PlainArray numbers = PlainArray.gaussian(random, 0.7, of);
            if (name.startsWith("variance")) {
                Arrays.setAll(numbers.values(), i -> 0.3 + Math.abs(numbers.values()[i]));
            }
            inputs.add(numbers);
        });
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    /** x times a factor for each element: factor(number of the element). */
    static PlainArray times(PlainArray x, IntToDoubleFunction factor) {
        PlainArray y = PlainArray.zeros(x.shape());
        Arrays.setAll(y.values(), i -> x.values()[i] * factor.applyAsDouble(i));
        return y;
    }

    static void checkEpsilon(GoldenCase golden) {
        if (golden.attribute("bnEps").asDouble() != 1e-5) {
            throw new IllegalArgumentException("another epsilon");
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public String goldenName(String name) {
        return super.goldenName(name).replace("weights", "w").replace("bias", "b").replace("gain", "g")
                .replace("shift", "be").replace("mean", "m").replace("variance", "va");
    }
}
