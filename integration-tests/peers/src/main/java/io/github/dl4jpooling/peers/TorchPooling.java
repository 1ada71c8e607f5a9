// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.peers;

import static org.bytedeco.pytorch.global.torch.adaptive_avg_pool2d;
import static org.bytedeco.pytorch.global.torch.adaptive_max_pool2d;
import static org.bytedeco.pytorch.global.torch.avg_pool1d;
import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.avg_pool3d;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.im2col;
import static org.bytedeco.pytorch.global.torch.max_pool1d;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.max_pool3d;
import static org.bytedeco.pytorch.global.torch.multinomial;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.upsample_nearest2d;

import io.github.dl4jpooling.integrationtests.benchmark.Workload;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Poolings as users of PyTorch write them: its own functions where it has them, else put together from those, without
 * a loop over the places of a window.
 */
final class TorchPooling {

    private static final double EPSILON = 1e-3;

    private final Workload workload;
    private final int dimensions;

    TorchPooling(Workload workload) {
        this.workload = workload;
        dimensions = workload.dimensions();
    }

    /** Shapes of what the pooling takes besides the map. */
    List<long[]> furtherShapes() {
        switch (workload.operator()) {
            case "lip_pool":
                return List.of(workload.shape());
            case "gated_pool":
                return List.of(new long[] {1, 1, workload.kernel()[0], workload.kernel()[1]});
            case "mixed_pool":
            case "power_average_pool":
                return List.of(new long[] {1});
            case "dpp_pool":
                return List.of(new long[] {1}, new long[] {1});
            default:
                return List.of();
        }
    }

    /** The result. */
    Tensor pool(Tensor x, List<Tensor> further) {
        switch (workload.operator()) {
            case "max_pool":
                return maximum(x);
            case "average_pool":
                return average(x);
            case "sum_pool":
                return avg_pool2d(x, kernel(), stride(), padding(), false, true, new LongOptional(1));
            case "adaptive_avg_pool":
                return adaptive_avg_pool2d(x, workload.cells());
            case "adaptive_max_pool":
                return adaptive_max_pool2d(x, workload.cells()).get0();
            case "soft_pool":
                return weighted(x, x.exp());
            case "lip_pool":
                return weighted(x, further.get(0).exp());
            case "dpp_pool":
                return detailPreserving(x, further.get(0), further.get(1));
            case "mixed_pool":
                return mix(further.get(0), x);
            case "gated_pool":
                return mix(gate(x, further.get(0)), x);
            case "power_average_pool":
                Tensor power = further.get(0);
                return average(x.abs().pow(power)).pow(power.reciprocal());
            case "stochastic_pool":
                return stochastic(x);
            default:
                throw new IllegalArgumentException("no such pooling: " + workload);
        }
    }

    private Tensor weighted(Tensor x, Tensor weight) {
        return average(x.mul(weight)).div(average(weight));
    }

    private Tensor detailPreserving(Tensor x, Tensor alpha, Tensor lambda) {
        long[] shape = workload.shape();
        Tensor smooth = upsample_nearest2d(average(x), new long[] {shape[2], shape[3]});
        Tensor squares = x.sub(smooth).pow(new Scalar(2.0f)).add(new Scalar((float) (EPSILON * EPSILON)));
        return weighted(x, squares.pow(lambda.mul(new Scalar(0.5f))).add(alpha));
    }

    private Tensor mix(Tensor share, Tensor x) {
        Tensor mean = average(x);
        return maximum(x).sub(mean).mul(share).add(mean);
    }

    private Tensor gate(Tensor x, Tensor mask) {
        long[] shape = workload.shape();
        Tensor planes = x.reshape(shape[0] * shape[1], 1, shape[2], shape[3]);
        Tensor products = conv2d(planes, mask, new TensorOptional(), stride(), padding(), ones(), 1);
        Tensor result = average(x);
        return sigmoid(products).reshape(result.sizes().vec().get());
    }

    private Tensor stochastic(Tensor x) {
        long elements = Arrays.stream(kernel()).reduce(1, (a, b) -> a * b);
        long[] shape = workload.shape();
        Tensor columns = im2col(x, kernel(), ones(), padding(), stride());
        long windows = columns.size(2);
        Tensor values = columns.reshape(shape[0] * shape[1], elements, windows).permute(0, 2, 1)
                .reshape(-1, elements);
        Tensor drawn = multinomial(relu(values.detach()).add(new Scalar((float) EPSILON)), 1);
        long[] size = average(x.detach()).sizes().vec().get();
        return values.gather(1, drawn).reshape(size);
    }

    private Tensor maximum(Tensor x) {
        switch (dimensions) {
            case 1:
                return max_pool1d(x, kernel(), stride(), padding(), ones(), false);
            case 2:
                return max_pool2d(x, kernel(), stride(), padding(), ones(), false);
            default:
                return max_pool3d(x, kernel(), stride(), padding(), ones(), false);
        }
    }

    private Tensor average(Tensor x) {
        switch (dimensions) {
            case 1:
                return avg_pool1d(x, kernel(), stride(), padding(), false, false);
            case 2:
                return avg_pool2d(x, kernel(), stride(), padding(), false, false, new LongOptional());
            default:
                return avg_pool3d(x, kernel(), stride(), padding(), false, false, new LongOptional());
        }
    }

    private long[] kernel() {
        return workload.kernel();
    }

    private long[] stride() {
        return repeated(workload.stride());
    }

    private long[] padding() {
        return repeated(workload.padding());
    }

    private long[] ones() {
        return repeated(1);
    }

    private long[] repeated(long number) {
        long[] numbers = new long[dimensions];
        Arrays.fill(numbers, number);
        return numbers;
    }
}
