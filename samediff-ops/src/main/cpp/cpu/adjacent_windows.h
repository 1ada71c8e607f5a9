// SPDX-License-Identifier: Apache-2.0
// Gradient of windows of two elements along each axis that lie side by side, the most common pooling: every element
// belongs to one window at most, so that a window's elements are read once, kept in registers and written at once.
#pragma once

#include "../kernels/window_parameters.h"
#include "kernel_table.h"
#include "threads.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Depth, Height: 1 or 2. The width is 2.
template <class Operator, class Storage, int Depth, int Height>
class AdjacentWindowsGradient {
public:
    AdjacentWindowsGradient(const WindowBackwardParameters& parameters, void* const* arrays)
        : p_(parameters),
          op_(parameters.options),
          x_(static_cast<const Storage*>(arrays[0])),
          y_gradient_(static_cast<const Storage*>(arrays[1])),
          x_gradient_(static_cast<Storage*>(arrays[2])) {}

    static bool applies(const WindowGeometry& g) {
        return fits(g.axes[0], Depth) && fits(g.axes[1], Height) && fits(g.axes[2], 2);
    }

    static bool has_contiguous_rows(const WindowBackwardParameters& p) {
        return p.x.axes[2] == 1 && p.x_gradient.axes[2] == 1;
    }

    // Lanes run along the width.
    void along_rows() const {
        const WindowGeometry& g = p_.geometry;
        Index rows = g.batch * g.channels * g.axes[0].output * g.axes[1].output;
        parallel_ranges(rows, g.axes[2].input * kRows, [&](Index begin, Index end) {
            RowCursor at(g, g.channels, begin);
            for (Index i = begin; i < end; i++, at.next(g, g.channels)) {
                const Storage* gradient =
                    y_gradient_ + element_offset(p_.y_gradient, at.batch, at.channel, at.depth, at.height, 0);
                Index d = at.depth * Depth;
                Index h = at.height * Height;
                row(x_ + element_offset(p_.x, at.batch, at.channel, d, h, 0), gradient,
                    x_gradient_ + element_offset(p_.x_gradient, at.batch, at.channel, d, h, 0));
            }
        });
        clear_uncovered();
    }

    void along_channels() const {
        const WindowGeometry& g = p_.geometry;
        Index rows = g.batch * g.axes[0].output * g.axes[1].output;
        parallel_ranges(rows, g.axes[2].input * g.channels * kRows, [&](Index begin, Index end) {
            RowCursor at(g, 1, begin);
            for (Index i = begin; i < end; i++, at.next(g, 1)) {
                for (Index w = 0; w < g.axes[2].output; w++) {
                    Index d = at.depth * Depth;
                    Index h = at.height * Height;
                    position(x_ + element_offset(p_.x, at.batch, 0, d, h, 2 * w),
                             y_gradient_ + element_offset(p_.y_gradient, at.batch, 0, at.depth, at.height, w),
                             x_gradient_ + element_offset(p_.x_gradient, at.batch, 0, d, h, 2 * w));
                }
            }
        });
        clear_uncovered();
    }

private:
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();
    static constexpr int kRows = Depth * Height;

    const WindowBackwardParameters& p_;
    Operator op_;
    const Storage* x_;
    const Storage* y_gradient_;
    Storage* x_gradient_;

    static bool fits(const WindowAxis& axis, int size) {
        return axis.kernel == size && axis.stride == size && (axis.dilation == 1 || size == 1) && axis.padding == 0 &&
               axis.output * size <= axis.input;
    }

    static Index row_offset(const TensorStrides& s, int row) {
        return row / Height * s.axes[0] + row % Height * s.axes[1];
    }

    void row(const Storage* x, const Storage* gradient, Storage* target) const {
        Index outputs = p_.geometry.axes[2].output;
        if (outputs < kLanes) {
            windows(x, gradient, target, 0, static_cast<int>(outputs));
            return;
        }
        for (Index next = 0; next < outputs; next += kLanes) {
            windows(x, gradient, target, minimum(next, outputs - kLanes), kLanes);
        }
    }

    POOLING_FUNCTION void windows(const Storage* x, const Storage* gradient, Storage* target, Index output,
                                  int lanes) const {
        Index stride = p_.y_gradient.axes[2];
        Vector values[2 * kRows];
        unrolled<kRows>([&](int r) {
            LanePair<Vector> pair = load_lane_pair<Vector>(x + row_offset(p_.x, r) + 2 * output, lanes);
            values[2 * r] = pair.even;
            values[2 * r + 1] = pair.odd;
        });
        Vector gradients[2 * kRows];
        op_.template window_gradients<2 * kRows>(values, load_lanes<Vector>(gradient + output * stride, stride, lanes),
                                                 gradients);
        unrolled<kRows>([&](int r) {
            store_lane_pair(target + row_offset(p_.x_gradient, r) + 2 * output, lanes, gradients[2 * r],
                            gradients[2 * r + 1]);
        });
    }

    void position(const Storage* x, const Storage* gradient, Storage* target) const {
        for (Index c = 0; c < p_.geometry.channels; c += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, p_.geometry.channels - c));
            Vector values[2 * kRows];
            unrolled<kRows>([&](int r) {
                const Storage* source = x + row_offset(p_.x, r) + c;
                values[2 * r] = load_lanes<Vector>(source, 1, lanes);
                values[2 * r + 1] = load_lanes<Vector>(source + p_.x.axes[2], 1, lanes);
            });
            Index stride = p_.y_gradient.channel;
            Vector gradients[2 * kRows];
            op_.template window_gradients<2 * kRows>(values, load_lanes<Vector>(gradient + c * stride, stride, lanes),
                                                     gradients);
            Index target_stride = p_.x_gradient.channel;
            unrolled<kRows>([&](int r) {
                Storage* place = target + row_offset(p_.x_gradient, r) + c * target_stride;
                store_lanes(place, target_stride, lanes, gradients[2 * r]);
                store_lanes(place + p_.x_gradient.axes[2], target_stride, lanes, gradients[2 * r + 1]);
            });
        }
    }

    // What the windows leave over at the ends of the axes has gradient 0.
    void clear_uncovered() const {
        const WindowGeometry& g = p_.geometry;
        Index covered[kAxes] = {g.axes[0].output * Depth, g.axes[1].output * Height, g.axes[2].output * 2};
        if (covered[0] == g.axes[0].input && covered[1] == g.axes[1].input && covered[2] == g.axes[2].input) {
            return;
        }
        for (Index n = 0; n < g.batch; n++) {
            for (Index c = 0; c < g.channels; c++) {
                for (Index d = 0; d < g.axes[0].input; d++) {
                    for (Index h = 0; h < g.axes[1].input; h++) {
                        Index w = d < covered[0] && h < covered[1] ? covered[2] : 0;
                        for (; w < g.axes[2].input; w++) {
                            store(x_gradient_ + element_offset(p_.x_gradient, n, c, d, h, w),
                                  typename StorageTraits<Storage>::Real(0));
                        }
                    }
                }
            }
        }
    }
};

// False where the windows are others.
template <class Operator, class Storage, int Depth, int Height>
bool try_adjacent_windows(const WindowBackwardParameters& p, void* const* arrays) {
    typedef AdjacentWindowsGradient<Operator, Storage, Depth, Height> Gradient;
    if (!Gradient::applies(p.geometry)) {
        return false;
    }
    if (channels_last(p.geometry, p.x)) {
        Gradient(p, arrays).along_channels();
        return true;
    }
    if (Gradient::has_contiguous_rows(p)) {
        Gradient(p, arrays).along_rows();
        return true;
    }
    return false;
}

template <class Operator, class Storage>
bool try_adjacent_windows(const WindowBackwardParameters& p, void* const* arrays) {
    return try_adjacent_windows<Operator, Storage, 1, 1>(p, arrays) ||
           try_adjacent_windows<Operator, Storage, 1, 2>(p, arrays) ||
           try_adjacent_windows<Operator, Storage, 2, 2>(p, arrays);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
