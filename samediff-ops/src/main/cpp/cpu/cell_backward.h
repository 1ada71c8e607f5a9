// SPDX-License-Identifier: Apache-2.0
// Gradient of averages over cells in gather form: every element collects from the cells that contain it.
#pragma once

#include "transposed_planes.h"
#include "vector_parts.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class CellAverageGradient {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef TransposedPlanes<Storage> Planes;

    // Arrays: gradient of y, plan, gradient of x.
    CellAverageGradient(const CellParameters& parameters, void* const* arrays)
        : p_(parameters),
          plan_{static_cast<const Index*>(arrays[1]), parameters.plane_words},
          y_gradient_(static_cast<const Storage*>(arrays[0])),
          x_gradient_(static_cast<Storage*>(arrays[2])) {}

    KernelStatus run() const {
        MapView map = {p_.batch, p_.channels, p_.input, p_.x};
        bool along_channels = map.channels_last() && p_.plane_words == 0;
        if (!along_channels && Planes::fit(p_)) {
            return small_planes();
        }
        Index planes = along_channels ? 1 : p_.channels;
        Index cells = 0;
        for (Index l = 0; l < p_.levels; l++) {
            cells = maximum(cells, plan_.level(l).output[2]);
        }
        Index sums_size = padded<Vector>(along_channels ? p_.channels : p_.input[2]);
        Index work = p_.input[2] * p_.levels * (p_.channels / planes);
        bool out_of_memory = false;
        parallel_ranges(p_.batch * planes * p_.input[0] * p_.input[1], work, [&](Index begin, Index end) {
            Scratch<Real> scratch(sums_size + padded<Vector>(cells));
            if (!scratch) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                MapRow at(p_.input, planes, i);
                if (along_channels) {
                    for (Index width = 0; width < p_.input[2]; width++) {
                        element(at, width, scratch.get());
                    }
                } else {
                    row(at, planes, scratch.get(), scratch.get() + sums_size);
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    const CellParameters& p_;
    CellPlan plan_;
    const Storage* y_gradient_;
    Storage* x_gradient_;

    KernelStatus small_planes() const {
        Index pitch = Planes::pitch(p_);
        Index blocks = ceil_divide(p_.channels, pitch);
        Index positions = p_.input[0] * p_.input[1] * p_.input[2];
        bool out_of_memory = false;
        parallel_ranges(p_.batch * blocks, positions * pitch * p_.levels, [&](Index begin, Index end) {
            Scratch<Real> sums(positions * pitch);
            Scratch<Real> gradients(p_.cells * pitch);
            if (!sums || !gradients) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index c = i % blocks * pitch;
                Index channels = minimum(pitch, p_.channels - c);
                MapRow first(i / blocks, c, 0, 0);
                clear(sums.get(), positions * pitch);
                for (Index l = 0; l < p_.levels; l++) {
                    const CellLevel& level = plan_.level(l);
                    Planes::load(y_gradient_ + first.offset(level.y), level.output, level.y.strides, channels,
                                 gradients.get(), pitch);
                    add_level(level, gradients.get(), padded<Vector>(channels), pitch, sums.get());
                }
                Planes::store(x_gradient_ + first.offset(p_.x), p_.input, p_.x, channels, sums.get(), pitch);
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Shares the gradient of each cell out among its elements.
    void add_level(const CellLevel& level, const Real* gradients, Index channels, Index pitch, Real* sums) const {
        TensorStrides strides = {0, 1, {p_.input[1] * p_.input[2] * pitch, p_.input[2] * pitch, pitch}};
        for (Index row = 0; row < level.output[0] * level.output[1]; row++) {
            CellRow cells = MapRow(level.output, 1, row).cells(plan_, level, 1);
            for (Index o = 0; o < level.output[2]; o++, gradients += pitch) {
                Real divisor = static_cast<Real>(cells.divisor(o));
                for_each_vectors<Vector>(channels, [&](auto several, Index c, int) {
                    constexpr int N = number_of(several);
                    constexpr Index n = lane_count<Vector>();
                    Vector shares[N];
                    unrolled<N>([&](int k) { shares[k] = load_lanes(gradients + c + k * n) / divisor; });
                    cells.for_each_row(strides, [&](Index offset, Index) {
                        for (Index w = cells.widths[o].begin; w < cells.widths[o].end; w++) {
                            Real* sum = sums + offset + w * pitch + c;
                            unrolled<N>([&](int k) { store_lanes(sum + k * n, load_lanes(sum + k * n) + shares[k]); });
                        }
                    });
                });
            }
        }
    }

    static void clear(Real* values, Index count) {
        for_each_vector<Vector>(count, [&](Index i, int) { store_lanes(values + i, broadcast<Vector>(0)); });
    }

    static void add(Real* values, const Storage* gradient, Index stride, Index count, Real divisor) {
        for_each_vector<Vector>(count, [&](Index i, int lanes) {
            Vector g = load_lanes<Vector>(gradient + i * stride, stride, lanes);
            store_lanes(values + i, load_lanes(values + i) + g / divisor);
        });
    }

    void row(const MapRow& at, Index planes, Real* sums, Real* cell_sums) const {
        clear(sums, p_.input[2]);
        for (Index l = 0; l < p_.levels; l++) {
            const CellLevel& level = plan_.level(l);
            Index plane = at.batch * planes + at.channel;
            const CellRange* ranges[kAxes] = {plan_.ranges(level, 0, plane), plan_.ranges(level, 1, plane),
                                              plan_.ranges(level, 2, plane)};
            const TensorStrides& s = level.y.strides;
            const Storage* gradient = y_gradient_ + level.y.first + at.batch * s.batch + at.channel * s.channel;
            Range depths = cells_over(ranges[0], level.output[0], at.depth);
            Range heights = cells_over(ranges[1], level.output[1], at.height);
            clear(cell_sums, level.output[2]);
            for (Index d = depths.begin; d < depths.end; d++) {
                for (Index h = heights.begin; h < heights.end; h++) {
                    Real divisor = static_cast<Real>(ranges[0][d].divisor * ranges[1][h].divisor);
                    add(cell_sums, gradient + d * s.axes[0] + h * s.axes[1], s.axes[2], level.output[2], divisor);
                }
            }
            for (Index o = 0; o < level.output[2]; o++) {
                Real share = cell_sums[o] / static_cast<Real>(ranges[2][o].divisor);
                for (Index i = ranges[2][o].begin; i < ranges[2][o].end; i++) {
                    sums[i] += share;
                }
            }
        }
        write(x_gradient_ + at.offset(p_.x), p_.x.axes[2], p_.input[2], sums);
    }

    void element(const MapRow& at, Index width, Real* sums) const {
        clear(sums, p_.channels);
        for (Index l = 0; l < p_.levels; l++) {
            const CellLevel& level = plan_.level(l);
            const Index position[kAxes] = {at.depth, at.height, width};
            const CellRange* ranges[kAxes];
            Range over[kAxes];
            for (int a = 0; a < kAxes; a++) {
                ranges[a] = plan_.ranges(level, a, 0);
                over[a] = cells_over(ranges[a], level.output[a], position[a]);
            }
            const TensorStrides& s = level.y.strides;
            const Storage* gradient = y_gradient_ + level.y.first + at.batch * s.batch;
            for (Index d = over[0].begin; d < over[0].end; d++) {
                for (Index h = over[1].begin; h < over[1].end; h++) {
                    for (Index w = over[2].begin; w < over[2].end; w++) {
                        Index divisor = ranges[0][d].divisor * ranges[1][h].divisor * ranges[2][w].divisor;
                        add(sums, gradient + d * s.axes[0] + h * s.axes[1] + w * s.axes[2], s.channel, p_.channels,
                            static_cast<Real>(divisor));
                    }
                }
            }
        }
        write(x_gradient_ + at.offset(p_.x) + width * p_.x.axes[2], p_.x.channel, p_.channels, sums);
    }

    static void write(Storage* target, Index stride, Index count, const Real* values) {
        for_each_vector<Vector>(count, [&](Index i, int lanes) {
            store_lanes(target + i * stride, stride, lanes, load_lanes(values + i));
        });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
