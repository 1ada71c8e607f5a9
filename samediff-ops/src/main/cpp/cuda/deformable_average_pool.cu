// SPDX-License-Identifier: Apache-2.0
#include "../kernels/deformable_average_pool.h"
#include "device_window.cuh"
#include "scatter_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A thread has a window and some channels of a group, so that positions, which are in double, are worked out for
// several channels at once; but not so many that the device has too few threads.
struct DeformableShares {
    static constexpr int kMost = 8;  // channels of a thread

    Index of_group;  // threads of a group's channels, at one window
    Index threads;

    POOLING_FUNCTION explicit DeformableShares(const DeformableParameters& p) {
        constexpr Index kManyThreads = 1 << 17;
        Index outputs = size_of_output(p.geometry);
        Index channels = kMost;
        while (channels > 1 && outputs < kManyThreads * channels) {
            channels--;
        }
        of_group = ceil_divide(p.group_channels(), channels);
        threads = of_group * p.groups * p.geometry.batch * p.rows().output * p.columns().output;
    }
};

// Has channels share, share + of_group, ... of the group.
struct DeformableThread {
    Index batch;
    Index group;
    Index share;
    Index row;
    Index column;

    POOLING_DEVICE static DeformableThread of(Index thread, const DeformableParameters& p, Index of_group) {
        MapPlace at = MapPlace::of(
            thread, p.groups * of_group, [&](int a) { return a == 0 ? 1 : p.geometry.axes[a].output; },
            has_channels_last(p.x));
        Index share = take_last(at.channel, of_group);
        return {at.batch, at.channel, share, at.axes[1], at.axes[2]};
    }

    POOLING_DEVICE Index first_channel(const DeformableParameters& p) const {
        return group * p.group_channels();
    }

    template <class Storage>
    POOLING_DEVICE DeformedWindows<Storage> windows(const DeformableParameters& p, const GpuArrays& arrays) const {
        return {p, arrays.at<const Storage>(1), arrays.at<const Storage>(2), batch, group};
    }
};

// Calls visit(row, column, weight) for the corners of a window's samples that have a part in the result.
template <class Storage, class Visit>
POOLING_DEVICE void for_each_corner(const DeformedWindows<Storage>& windows, const DeformableThread& at,
                                    const Visit& visit) {
    typedef typename StorageTraits<Storage>::Real Real;
    double share = windows.share(at.row, at.column);
    Index taps = windows.p.kernel_size();
    for (Index tap = 0; tap < taps; tap++) {
        DeformedSample s = windows.sample(at.row, at.column, tap);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double weight = part(s.row.weight[i] * s.column.weight[j] * share, s.mask);
                if (weight != 0) {
                    visit(s.row.low + i, s.column.low + j, static_cast<Real>(weight));
                }
            }
        }
    }
}

struct DeformableForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef DeformableParameters Parameters;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const DeformableParameters& p = request.parameters;
            plan.wide = is_wide(p.geometry);
            plan.threads[0] = DeformableShares(p).threads;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            constexpr int kMost = DeformableShares::kMost;
            DeformableShares shares(p);
            DeformableThread at = DeformableThread::of(thread, p, shares.of_group);
            Index channels = p.group_channels();
            const Storage* x = arrays.at<const Storage>(0) + place_in(p.x, at.batch, at.first_channel(p), 0, 0);
            Real sums[kMost] = {};
            for_each_corner(at.template windows<Storage>(p, arrays), at, [&](Index row, Index column, Real weight) {
                const Storage* from = x + row * p.x.axes[1] + column * p.x.axes[2];
                unrolled<kMost>([&](int k) {
                    Index channel = at.share + k * shares.of_group;
                    if (channel < channels) {
                        sums[k] += load(from + channel * p.x.channel) * weight;
                    }
                });
            });
            Storage* y = arrays.at<Storage>(3) + place_in(p.y, at.batch, at.first_channel(p), at.row, at.column);
            unrolled<kMost>([&](int k) {
                Index channel = at.share + k * shares.of_group;
                if (channel < channels) {
                    store(y + channel * p.y.channel, sums[k]);
                }
            });
        }
    };
};

// Arrays: x, offset, mask, gradient of y, and of those three. Passes: the largest gradient and factor, where sums are
// deterministic; scattering to the samples' corners; these sums; gradients of offsets and masks.
struct DeformableBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef ScatterSums<Real> Sums;
        typedef DeformableParameters Parameters;
        static constexpr int kArrays = 7;
        static constexpr int kPasses = 4;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const DeformableParameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums(memory, size_of_input(p.geometry), request.deterministic);
            Index factors = request.addresses[2] != 0 ? offsets(p) : 0;
            plan.scratch = memory.used();
            plan.zeroed = plan.scratch;
            plan.wide = is_wide(p.geometry) || is_wide(offsets(p));
            plan.threads[0] =
                request.deterministic ? Sums::searchers(size_of_output(p.geometry)) + Sums::searchers(factors) : 0;
            plan.threads[1] = DeformableShares(p).threads;
            plan.threads[2] = size_of_input(p.geometry);
            plan.threads[3] = offsets(p);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Index elements = size_of_input(p.geometry);
            if constexpr (Pass == 0) {
                find_largest(p, arrays, Sums(memory, elements, true), thread);
            } else if constexpr (Pass == 3) {
                one_offset(p, arrays, thread);
            } else {
                // What the weights that meet in one element may add up to: where padding does not count, those of one
                // window may be as many as its places.
                Index windows = p.rows().output * p.columns().output;
                Sums sums = Sums::opened(memory, elements, p.counts_padding != 0 ? windows : windows * p.kernel_size());
                if constexpr (Pass == 1) {
                    scatter(p, arrays, sums, thread);
                } else {
                    MapPlace at = MapPlace::of(thread, p.geometry, &WindowAxis::input, has_channels_last(p.x));
                    store(arrays.at<Storage>(4) + at.offset(p.x_gradient), sums.sum(thread));
                }
            }
        }

    private:
        // Pairs of them, and factors.
        POOLING_FUNCTION static Index offsets(const DeformableParameters& p) {
            return p.geometry.batch * p.groups * p.kernel_size() * p.rows().output * p.columns().output;
        }

        // Of a pair of offsets, or of a factor.
        struct OffsetPlace {
            MapPlace window;  // its channel: the group
            Index tap;

            POOLING_DEVICE static OffsetPlace of(Index thread, const DeformableParameters& p, bool taps_last) {
                Index taps = p.kernel_size();
                Index tap = taps_last ? take_last(thread, taps) : 0;
                MapPlace at = MapPlace::of(
                    thread, taps_last ? p.groups : p.groups * taps,
                    [&](int a) { return a == 0 ? 1 : p.geometry.axes[a].output; }, false);
                tap = taps_last ? tap : take_last(at.channel, taps);
                return {at, tap};
            }

            POOLING_DEVICE Index channel(const DeformableParameters& p) const {
                return window.channel * p.kernel_size() + tap;
            }

            POOLING_DEVICE Index offset(const TensorStrides& s, Index channel) const {
                return place_in(s, window.batch, channel, window.axes[1], window.axes[2]);
            }
        };

        POOLING_DEVICE static void find_largest(const DeformableParameters& p, const GpuArrays& arrays,
                                                const Sums& sums, Index thread) {
            Index outputs = size_of_output(p.geometry);
            Index searchers = Sums::searchers(outputs);
            if (thread < searchers) {
                sums.find_largest(0, thread, outputs, [&](Index i) {
                    MapPlace at = MapPlace::of(i, p.geometry, &WindowAxis::output, has_channels_last(p.y));
                    return load(arrays.at<const Storage>(3) + at.offset(p.y));
                });
            } else {
                bool taps_last = has_channels_last(p.mask);
                sums.find_largest(1, thread - searchers, offsets(p), [&](Index i) {
                    OffsetPlace at = OffsetPlace::of(i, p, taps_last);
                    return load(arrays.at<const Storage>(2) + at.offset(p.mask, at.channel(p)));
                });
            }
        }

        POOLING_DEVICE static void scatter(const DeformableParameters& p, const GpuArrays& arrays, const Sums& sums,
                                           Index thread) {
            DeformableShares shares(p);
            DeformableThread at = DeformableThread::of(thread, p, shares.of_group);
            Index first = at.first_channel(p);
            Index channels = p.group_channels();
            Index positions = p.rows().input * p.columns().input;
            bool channels_last = has_channels_last(p.x);
            const Storage* gradient = arrays.at<const Storage>(3) + place_in(p.y, at.batch, first, at.row, at.column);
            for_each_corner(at.template windows<Storage>(p, arrays), at, [&](Index row, Index column, Real weight) {
                Index position = row * p.columns().input + column;
                for (Index c = at.share; c < channels; c += shares.of_group) {
                    Index element =
                        number_in_planes(at.batch, first + c, p.geometry.channels, position, positions, channels_last);
                    sums.add(element, load(gradient + c * p.y.channel) * weight);
                }
            });
        }

        // Channels are added up in their order, blocks of them in double.
        POOLING_DEVICE static void one_offset(const DeformableParameters& p, const GpuArrays& arrays, Index thread) {
            constexpr Index kBlock = 64;
            OffsetPlace at = OffsetPlace::of(thread, p, has_channels_last(p.x));
            const MapPlace& window = at.window;
            DeformedWindows<Storage> windows = {p, arrays.at<const Storage>(1), arrays.at<const Storage>(2),
                                                window.batch, window.channel};
            DeformedSample s = windows.sample(window.axes[1], window.axes[2], at.tap);
            Index first = window.channel * p.group_channels();
            Index end = first + p.group_channels();
            const Storage* x = arrays.at<const Storage>(0) + place_in(p.x, window.batch, 0, s.row.low, s.column.low);
            const Storage* gradient = arrays.at<const Storage>(3) + at.offset(p.y, 0);
            double corner_sums[2][2] = {{0, 0}, {0, 0}};
            for (Index block = first; block < end && s.is_inside(); block += kBlock) {
                Real sums[2][2] = {{0, 0}, {0, 0}};
                for (Index c = block; c < minimum(end, block + kBlock); c++) {
                    Real g = load(gradient + c * p.y.channel);
                    for (int i = 0; i < 2; i++) {
                        for (int j = 0; j < 2; j++) {
                            if (s.row.slope[i] != 0 && s.column.slope[j] != 0) {
                                sums[i][j] += load(x + c * p.x.channel + i * p.x.axes[1] + j * p.x.axes[2]) * g;
                            }
                        }
                    }
                }
                for (int i = 0; i < 2; i++) {
                    for (int j = 0; j < 2; j++) {
                        corner_sums[i][j] += static_cast<double>(sums[i][j]);
                    }
                }
            }
            SampleGradient result(s, corner_sums, windows.share(window.axes[1], window.axes[2]));
            Storage* offset = arrays.at<Storage>(5) + at.offset(p.offset_gradient, 2 * at.channel(p));
            store(offset, static_cast<Real>(result.by_row));
            store(offset + p.offset_gradient.channel, static_cast<Real>(result.by_column));
            if (arrays.addresses[6] != nullptr) {
                store(arrays.at<Storage>(6) + at.offset(p.mask_gradient, at.channel(p)),
                      static_cast<Real>(result.by_mask));
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(deformable_average_pool, deformable_average_pool_forward, pooling::DeformableForward, 1)
POOLING_GPU_KERNEL(deformable_average_pool, deformable_average_pool_backward, pooling::DeformableBackward, 4)
