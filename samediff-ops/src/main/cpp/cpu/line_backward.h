// SPDX-License-Identifier: Apache-2.0
// Gradients of lines (kernels/lines.h). One thread has a whole plane, or the same plane of the channels of a vector,
// and adds to it line by line, so that the order does not depend on the number of threads.
#pragma once

#include "line_forward.h"
#include "plane_sums.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Adds shares[i] to sums[i * step] for all i.
template <class Real>
POOLING_FUNCTION void add_row(Real* sums, Index step, const Real* shares, Index count) {
    typedef typename LanesOf<Real>::Vector Vector;
    for_each_vector<Vector>(count, [&](Index i, int lanes) {
        Vector v = load_lanes<Vector>(sums + i * step, step, lanes) + load_lanes<Vector>(shares + i, 1, lanes);
        store_lanes(sums + i * step, step, lanes, v);
    });
}

// Planes with the columns side by side. Arrays: gradient of y, gradient of x.
template <class Storage>
class LineMeanGradient {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    LineMeanGradient(const LineParameters& p, const Storage* y_gradient) : p_(p), y_gradient_(y_gradient) {}

    // sums: of the plane, row by row. shares: room for a row.
    void plane(Index batch, Index channel, Real* sums, Real* shares) const {
        for (Index i = 0; i < p_.input[0] * p_.input[1]; i++) {
            sums[i] = 0;
        }
        for (Index l = 0; l < p_.levels; l++) {
            const LineLevel& lines = p_.level[l];
            for (Index row = 0; row < lines.output[0]; row++) {
                for (Index column = 0; column < lines.output[1]; column++) {
                    const Index o[kLineAxes] = {row, column};
                    shares[column] = load(y_gradient_ + lines.y.offset(batch, channel, o)) /
                                     static_cast<Real>(lines.inside(p_.input, o).size());
                }
                if (are_rows(lines)) {
                    add_to_row(lines, row, sums, shares[0]);
                } else {
                    add(lines, row, sums, shares);
                }
            }
        }
    }

private:
    const LineParameters& p_;
    const Storage* y_gradient_;

    void add_to_row(const LineLevel& lines, Index row, Real* sums, Real share) const {
        const Index o[kLineAxes] = {row, 0};
        Range taps = lines.inside(p_.input, o);
        Real* first = sums + p_.tap_position(lines, o, taps.begin);
        for (Index i = 0; i < taps.size(); i++) {
            first[i] += share;
        }
    }

    void add(const LineLevel& lines, Index row, Real* sums, const Real* shares) const {
        Range taps = lines.cut(lines.taps, 0, p_.input[0], row);
        for (Index t = taps.begin; t < taps.end; t++) {
            Range columns = lines_with(lines, p_.input[1], t);
            const Index first[kLineAxes] = {row, columns.begin};
            if (columns.size() > 0) {
                add_row(sums + p_.tap_position(lines, first, t), lines.stride[1], shares + columns.begin,
                        columns.size());
            }
        }
    }
};

template <class Storage>
KernelStatus line_mean_by_channels(const LineParameters& p, const MapView& map, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const Storage* y_gradient = static_cast<const Storage*>(arrays[0]);
    Storage* x_gradient = static_cast<Storage*>(arrays[1]);
    constexpr Index kLanes = lane_count<Vector>();
    Index blocks = ceil_divide(p.channels, kLanes);
    bool out_of_memory = false;
    parallel_ranges(p.batch * blocks, map.positions() * kLanes, [&](Index begin, Index end) {
        Scratch<Real> sums(map.positions() * kLanes);
        if (!sums) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index block = begin; block < end; block++) {
            Index batch = block / blocks;
            Index channel = block % blocks * kLanes;
            int count = static_cast<int>(minimum(kLanes, p.channels - channel));
            for (Index i = 0; i < map.positions(); i++) {
                store_lanes(sums.get() + i * kLanes, broadcast<Vector>(0));
            }
            for (Index l = 0; l < p.levels; l++) {
                const LineLevel& lines = p.level[l];
                for (Index number = 0; number < lines.output[0] * lines.output[1]; number++) {
                    const Index o[kLineAxes] = {number / lines.output[1], number % lines.output[1]};
                    Range taps = lines.inside(p.input, o);
                    Vector share =
                        load_lanes<Vector>(y_gradient + lines.y.offset(batch, channel, o), lines.y.channel, count) /
                        static_cast<Real>(taps.size());
                    for (Index t = taps.begin; t < taps.end; t++) {
                        Real* sum = sums.get() + p.tap_position(lines, o, t) * kLanes;
                        store_lanes(sum, load_lanes(sum) + share);
                    }
                }
            }
            for (Index i = 0; i < map.positions(); i++) {
                Storage* target =
                    x_gradient + batch * p.x.batch + channel * p.x.channel + p.offset(i / p.input[1], i % p.input[1]);
                store_lanes(target, p.x.channel, count, load_lanes(sums.get() + i * kLanes));
            }
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

// Arrays: gradient of y, gradient of x.
template <class Storage>
KernelStatus line_mean_backward(const LineParameters& p, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const Index size[kAxes] = {1, p.input[0], p.input[1]};
    MapView map = {p.batch, p.channels, size, p.x};
    if (map.channels_last()) {
        return line_mean_by_channels<Storage>(p, map, arrays);
    }
    Storage* x_gradient = static_cast<Storage*>(arrays[1]);
    LineMeanGradient<Storage> gradient(p, static_cast<const Storage*>(arrays[0]));
    Index longest = 0;
    for (Index l = 0; l < p.levels; l++) {
        longest = maximum(longest, p.level[l].output[1]);
    }
    bool out_of_memory = false;
    parallel_ranges(p.batch * p.channels, map.positions(), [&](Index begin, Index end) {
        Scratch<Real> sums(map.positions());
        Scratch<Real> shares(longest);
        if (!sums || !shares) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index plane = begin; plane < end; plane++) {
            Index batch = plane / p.channels;
            Index channel = plane % p.channels;
            gradient.plane(batch, channel, sums.get(), shares.get());
            Storage* target = x_gradient + batch * p.x.batch + channel * p.x.channel;
            for (Index row = 0; row < p.input[0]; row++) {
                for_each_vector<Vector>(p.input[1], [&](Index i, int lanes) {
                    store_lanes(target + p.offset(row, i), p.x.axes[2], lanes,
                                load_lanes<Vector>(sums.get() + row * p.input[1] + i, 1, lanes));
                });
            }
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

// Arrays: gradient of y, index, gradient of x.
template <class Storage>
KernelStatus line_maximum_backward(const LineParameters& p, void* const* arrays) {
    const Storage* y_gradient = static_cast<const Storage*>(arrays[0]);
    const Index* index = static_cast<const Index*>(arrays[1]);
    const Index size[kAxes] = {1, p.input[0], p.input[1]};
    MapView map = {p.batch, p.channels, size, p.x};
    return add_to_planes(map, 0, static_cast<Storage*>(arrays[2]),
                         [&](PlaneSums<Storage>& sums, Index batch, Range channels) {
                             for (Index l = 0; l < p.levels; l++) {
                                 const LineLevel& lines = p.level[l];
                                 for (Index number = 0; number < lines.output[0] * lines.output[1]; number++) {
                                     const Index o[kLineAxes] = {number / lines.output[1], number % lines.output[1]};
                                     for (Index c = 0; c < channels.size(); c++) {
                                         sums.add(index[lines.index.offset(batch, channels.begin + c, o)], c,
                                                  load(y_gradient + lines.y.offset(batch, channels.begin + c, o)));
                                     }
                                 }
                             }
                         });
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
