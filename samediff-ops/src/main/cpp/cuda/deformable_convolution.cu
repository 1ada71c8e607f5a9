// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_convolution.h"
#include "device_window.cuh"
#include "ordered_sums.cuh"
#include "scatter_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// What the passes share.
template <class Storage>
struct DeformableConvolutionArrays {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef DeformableConvolutionParameters Parameters;

    POOLING_DEVICE static DeformedWindows<Storage> windows(const Parameters& p, const GpuArrays& arrays, Index batch,
                                                           Index group) {
        return {p.places, arrays.at<const Storage>(1), arrays.at<const Storage>(2), batch, group};
    }

    // The number of a thread taken apart: batch, channel (of `channels`), row and column of a window.
    POOLING_DEVICE static MapPlace window_of(Index thread, const Parameters& p, Index channels, bool channels_last) {
        return MapPlace::of(
            thread, channels, [&](int a) { return a == 0 ? 1 : p.places.geometry.axes[a].output; }, channels_last);
    }

    // The value of a sample of a channel.
    POOLING_DEVICE static Real value(const Parameters& p, const Storage* plane, const DeformedSample& s) {
        Real sum = 0;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double weight = part(s.row.weight[i] * s.column.weight[j], s.mask);
                if (weight != 0) {
                    sum +=
                        load(plane + (s.row.low + i) * p.places.x.axes[1] + (s.column.low + j) * p.places.x.axes[2]) *
                        static_cast<Real>(weight);
                }
            }
        }
        return sum;
    }

    // dL/ds of a channel, a tap and a window. y: the gradient of output 0 at the window.
    POOLING_DEVICE static Real sample_gradient(const Parameters& p, const GpuArrays& arrays, const Storage* y,
                                               Index channel, Index tap) {
        Index group = quotient(channel, p.group_inputs());
        Index first = group * p.group_outputs();
        const Storage* weights =
            arrays.at<const Storage>(3) + p.weight_place(p.weights, first, channel - group * p.group_inputs(), tap);
        Real sum = 0;
        for (Index i = 0; i < p.group_outputs(); i++) {
            sum += load(weights + i * p.weights[0]) * load(y + (first + i) * p.places.y.channel);
        }
        return sum;
    }

    POOLING_FUNCTION static bool is_wide_convolution(const Parameters& p) {
        Index windows = p.places.geometry.batch * p.windows();
        return is_wide(p.places.geometry) || is_wide(windows * p.outputs) ||
               is_wide(windows * p.places.geometry.channels * p.places.kernel_size()) || is_wide(p.outputs * p.terms());
    }
};

// A thread has a window and some outputs of a group, so that samples are computed once for several outputs.
struct DeformableConvolutionForward {
    template <class Storage>
    struct Of {
        typedef DeformableConvolutionArrays<Storage> Arrays;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef DeformableConvolutionParameters Parameters;
        static constexpr int kArrays = 6;
        static constexpr int kPasses = 1;
        static constexpr int kOutputs = 8;

        POOLING_FUNCTION static Index blocks_of_group(const Parameters& p) {
            return ceil_divide(p.group_outputs(), kOutputs);
        }

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            plan.wide = Arrays::is_wide_convolution(p);
            plan.threads[0] = p.places.geometry.batch * p.groups * blocks_of_group(p) * p.windows();
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            MapPlace at = Arrays::window_of(thread, p, p.groups * blocks_of_group(p), false);
            Index block = take_last(at.channel, blocks_of_group(p));
            Index group = at.channel;
            Index end = (group + 1) * p.group_outputs();
            Index first = group * p.group_outputs() + block * kOutputs;
            Index begin_input = group * p.group_inputs();
            Index end_input = begin_input + p.group_inputs();
            Index of_offsets = p.places.group_channels();
            Real sums[kOutputs] = {};
            Index begin = begin_input;
            while (begin < end_input) {  // channels that share offsets
                Index offsets = quotient(begin, of_offsets);
                Index stop = minimum(end_input, (offsets + 1) * of_offsets);
                DeformedWindows<Storage> windows = Arrays::windows(p, arrays, at.batch, offsets);
                for (Index tap = 0; tap < p.places.kernel_size(); tap++) {
                    DeformedSample s = windows.sample(at.axes[1], at.axes[2], tap);
                    for (Index c = begin; c < stop; c++) {
                        const Storage* plane =
                            arrays.at<const Storage>(0) + at.batch * p.places.x.batch + c * p.places.x.channel;
                        Real value = Arrays::value(p, plane, s);
                        const Storage* weights =
                            arrays.at<const Storage>(3) + p.weight_place(p.weights, first, c - begin_input, tap);
                        unrolled<kOutputs>([&](int i) {
                            if (first + i < end) {
                                sums[i] += load(weights + i * p.weights[0]) * value;
                            }
                        });
                    }
                }
                begin = stop;
            }
            const Storage* bias = arrays.at<const Storage>(4);
            Storage* y = arrays.at<Storage>(5) + place_in(p.places.y, at.batch, first, at.axes[1], at.axes[2]);
            unrolled<kOutputs>([&](int i) {
                if (first + i < end) {
                    Real added = bias == nullptr ? Real(0) : load(bias + (first + i) * p.bias);
                    store(y + i * p.places.y.channel, sums[i] + added);
                }
            });
        }
    };
};

// Passes: the largest gradient, factor and weight, where sums are deterministic; scattering to the samples' corners;
// these sums; gradients of offsets and masks; parts of those of weights and biases; these added up.
struct DeformableConvolutionBackward {
    template <class Storage>
    struct Of {
        typedef DeformableConvolutionArrays<Storage> Arrays;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef ScatterSums<Real> Sums;
        typedef DeformableConvolutionParameters Parameters;
        static constexpr int kArrays = 10;
        static constexpr int kPasses = 6;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums(memory, size_of_input(p.places.geometry), request.deterministic);
            plan.zeroed = memory.used();
            memory.template take<double>(parts(p) * learned(p));
            plan.scratch = memory.used();
            plan.wide = Arrays::is_wide_convolution(p) || is_wide(parts(p) * learned(p));
            Index factors = request.addresses[2] != 0 ? offsets(p) : 0;
            plan.threads[0] =
                request.deterministic
                    ? Sums::searchers(size_of_y(p)) + Sums::searchers(p.outputs * p.terms()) + Sums::searchers(factors)
                    : 0;
            plan.threads[1] = samples(p);
            plan.threads[2] = size_of_input(p.places.geometry);
            plan.threads[3] = offsets(p);
            plan.threads[4] = parts(p) * learned(p);
            plan.threads[5] = learned(p);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Index elements = size_of_input(p.places.geometry);
            if constexpr (Pass == 0) {
                find_largest(p, arrays, Sums(memory, elements, true), thread);
            } else if constexpr (Pass == 3) {
                one_offset(p, arrays, thread);
            } else {
                // What the bilinear weights that meet in one element may add up to, for each output that adds to it.
                Sums sums = Sums::opened(memory, elements, p.windows() * p.places.kernel_size() * p.group_outputs());
                if constexpr (Pass == 1) {
                    scatter(p, arrays, sums, thread);
                } else if constexpr (Pass == 2) {
                    MapPlace at = MapPlace::of(thread, p.places.geometry, &WindowAxis::input, false);
                    store(arrays.at<Storage>(5) + at.offset(p.places.x_gradient), sums.sum(thread));
                } else if constexpr (Pass == 4) {
                    double* part = memory.template take<double>(parts(p) * learned(p)) + thread;
                    Index element = thread;
                    Index number = quotient(element, learned(p));
                    *part = part_of_learned(p, arrays, number, element - number * learned(p));
                } else {
                    const double* first = memory.template take<double>(parts(p) * learned(p)) + thread;
                    Real sum = static_cast<Real>(sum_of_parts(first, parts(p), learned(p)));
                    store_learned(p, arrays, thread, sum);
                }
            }
        }

    private:
        POOLING_FUNCTION static Index size_of_y(const Parameters& p) {
            return p.places.geometry.batch * p.outputs * p.windows();
        }

        // Of all channels and taps.
        POOLING_FUNCTION static Index samples(const Parameters& p) {
            return p.places.geometry.batch * p.places.geometry.channels * p.places.kernel_size() * p.windows();
        }

        // Pairs of them, and factors.
        POOLING_FUNCTION static Index offsets(const Parameters& p) {
            return p.places.geometry.batch * p.places.groups * p.places.kernel_size() * p.windows();
        }

        // Weights, and behind them biases.
        POOLING_FUNCTION static Index learned(const Parameters& p) {
            return p.outputs * (p.terms() + 1);
        }

        POOLING_FUNCTION static Index parts(const Parameters& p) {
            constexpr Index kShare = 256;
            constexpr Index kManyThreads = 1 << 18;
            Index most = maximum(1, quotient(kManyThreads, learned(p)));
            return minimum(most, parts_of_sum(p.places.geometry.batch * p.windows(), kShare));
        }

        POOLING_DEVICE static void find_largest(const Parameters& p, const GpuArrays& arrays, const Sums& sums,
                                                Index thread) {
            Index gradients = Sums::searchers(size_of_y(p));
            Index weights = Sums::searchers(p.outputs * p.terms());
            if (thread < gradients) {
                sums.find_largest(0, thread, size_of_y(p), [&](Index i) {
                    MapPlace at = Arrays::window_of(i, p, p.outputs, false);
                    return load(arrays.at<const Storage>(4) + at.offset(p.places.y));
                });
            } else if (thread < gradients + weights) {
                sums.find_largest(1, thread - gradients, p.outputs * p.terms(), [&](Index i) {
                    Index tap = take_last(i, p.places.kernel_size());
                    Index input = take_last(i, p.group_inputs());
                    return load(arrays.at<const Storage>(3) + p.weight_place(p.weights, i, input, tap));
                });
            } else {
                sums.find_largest(2, thread - gradients - weights, offsets(p), [&](Index i) {
                    MapPlace at = Arrays::window_of(i, p, p.places.groups * p.places.kernel_size(), false);
                    return load(arrays.at<const Storage>(2) + at.offset(p.places.mask));
                });
            }
        }

        POOLING_DEVICE static void scatter(const Parameters& p, const GpuArrays& arrays, const Sums& sums,
                                           Index thread) {
            MapPlace at = Arrays::window_of(thread, p, p.places.geometry.channels * p.places.kernel_size(), false);
            Index tap = take_last(at.channel, p.places.kernel_size());
            DeformedWindows<Storage> windows =
                Arrays::windows(p, arrays, at.batch, quotient(at.channel, p.places.group_channels()));
            DeformedSample s = windows.sample(at.axes[1], at.axes[2], tap);
            if (!s.is_inside()) {
                return;
            }
            const Storage* y = arrays.at<const Storage>(4) + place_in(p.places.y, at.batch, 0, at.axes[1], at.axes[2]);
            Real gradient = Arrays::sample_gradient(p, arrays, y, at.channel, tap);
            Index plane = (at.batch * p.places.geometry.channels + at.channel) * p.places.rows().input;
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    double weight = part(s.row.weight[i] * s.column.weight[j], s.mask);
                    if (weight != 0) {
                        sums.add((plane + s.row.low + i) * p.places.columns().input + s.column.low + j,
                                 gradient * static_cast<Real>(weight));
                    }
                }
            }
        }

        // Channels are added up in their order.
        POOLING_DEVICE static void one_offset(const Parameters& p, const GpuArrays& arrays, Index thread) {
            Index taps = p.places.kernel_size();
            MapPlace at = Arrays::window_of(thread, p, p.places.groups * taps, false);
            Index number = at.channel;
            Index tap = take_last(at.channel, taps);
            DeformedSample s = Arrays::windows(p, arrays, at.batch, at.channel).sample(at.axes[1], at.axes[2], tap);
            Index first = at.channel * p.places.group_channels();
            const Storage* x = arrays.at<const Storage>(0) + place_in(p.places.x, at.batch, 0, s.row.low, s.column.low);
            const Storage* y = arrays.at<const Storage>(4) + place_in(p.places.y, at.batch, 0, at.axes[1], at.axes[2]);
            double corner_sums[2][2] = {{0, 0}, {0, 0}};
            for (Index c = first; c < first + p.places.group_channels() && s.is_inside(); c++) {
                Real gradient = Arrays::sample_gradient(p, arrays, y, c, tap);
                for (int i = 0; i < 2; i++) {
                    for (int j = 0; j < 2; j++) {
                        if (s.row.slope[i] != 0 && s.column.slope[j] != 0) {
                            corner_sums[i][j] += static_cast<double>(
                                load(x + c * p.places.x.channel + i * p.places.x.axes[1] + j * p.places.x.axes[2]) *
                                gradient);
                        }
                    }
                }
            }
            SampleGradient result(s, corner_sums, 1);
            Storage* offset = arrays.at<Storage>(6) +
                              place_in(p.places.offset_gradient, at.batch, 2 * number, at.axes[1], at.axes[2]);
            store(offset, static_cast<Real>(result.by_row));
            store(offset + p.places.offset_gradient.channel, static_cast<Real>(result.by_column));
            if (arrays.addresses[7] != nullptr) {
                store(
                    arrays.at<Storage>(7) + place_in(p.places.mask_gradient, at.batch, number, at.axes[1], at.axes[2]),
                    static_cast<Real>(result.by_mask));
            }
        }

        // Windows of all images, every parts-th of them.
        POOLING_DEVICE static double part_of_learned(const Parameters& p, const GpuArrays& arrays, Index number,
                                                     Index element) {
            Index weights = p.outputs * p.terms();
            bool is_bias = element >= weights;
            Index output = is_bias ? element - weights : element;
            Index tap = is_bias ? 0 : take_last(output, p.places.kernel_size());
            Index input = is_bias ? 0 : take_last(output, p.group_inputs());
            Index channel = quotient(output, p.group_outputs()) * p.group_inputs() + input;
            Index group = quotient(channel, p.places.group_channels());
            Index count = p.places.geometry.batch * p.windows();
            double sum = 0;
            for (Index i = number; i < count; i += parts(p)) {
                MapPlace at = Arrays::window_of(i, p, 1, false);
                Real gradient =
                    load(arrays.at<const Storage>(4) + place_in(p.places.y, at.batch, output, at.axes[1], at.axes[2]));
                Real value = 1;
                if (!is_bias) {
                    DeformedSample s = Arrays::windows(p, arrays, at.batch, group).sample(at.axes[1], at.axes[2], tap);
                    value = Arrays::value(
                        p, arrays.at<const Storage>(0) + at.batch * p.places.x.batch + channel * p.places.x.channel, s);
                }
                sum += static_cast<double>(gradient * value);
            }
            return sum;
        }

        POOLING_DEVICE static void store_learned(const Parameters& p, const GpuArrays& arrays, Index element,
                                                 Real sum) {
            Index weights = p.outputs * p.terms();
            if (element >= weights) {
                if (arrays.addresses[9] != nullptr) {
                    store(arrays.at<Storage>(9) + (element - weights) * p.bias_gradient, sum);
                }
                return;
            }
            Index tap = take_last(element, p.places.kernel_size());
            Index input = take_last(element, p.group_inputs());
            store(arrays.at<Storage>(8) + p.weight_place(p.weights_gradient, element, input, tap), sum);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(deformable_convolution, deformable_convolution_forward, pooling::DeformableConvolutionForward, 1)
POOLING_GPU_KERNEL(deformable_convolution, deformable_convolution_backward, pooling::DeformableConvolutionBackward, 6)
