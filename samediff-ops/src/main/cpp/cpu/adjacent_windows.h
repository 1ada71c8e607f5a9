// SPDX-License-Identifier: Apache-2.0
// Windows of two elements along each axis that lie side by side, the most common pooling, and of some more in a row:
// every element belongs to one window at most, so that a window's elements are read once, kept in registers, and their
// gradients written at once.
//
// Besides x there may be other maps of its shape, as operators with elements have them. An operator gives, for the
// elements of all maps in turn,
//     Real window_value<taps>(values)
//     void window_gradients<taps>(values, gradient of the window, gradients of the values)
#pragma once

#include "../kernels/window_parameters.h"
#include "kernel_table.h"
#include "lane_shuffles.h"
#include "threads.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays, as their strides: the maps, then y; for gradients that of y, then those of the maps.
// Maps: x and how many others. Depth, Height, Width: of a window.
template <class Operator, class Storage, int Maps, int Depth, int Height, int Width, bool Gradient>
class AdjacentWindows {
public:
    AdjacentWindows(const WindowHeader& header, const TensorStrides* strides, void* const* arrays)
        : g_(header.geometry), op_(header.options), y_strides_(strides[Maps]), y_(static_cast<Storage*>(arrays[Maps])) {
        for (int m = 0; m < Maps; m++) {
            maps_[m] = {static_cast<const Storage*>(arrays[m]), strides[m]};
            if constexpr (Gradient) {
                gradients_[m] = {static_cast<Storage*>(arrays[Maps + 1 + m]), strides[Maps + 1 + m]};
            }
        }
    }

    static bool applies(const WindowGeometry& g) {
        return fits(g.axes[0], Depth) && fits(g.axes[1], Height) && fits(g.axes[2], Width);
    }

    bool have_contiguous_rows() const {
        bool contiguous = true;
        for (int m = 0; m < Maps; m++) {
            contiguous =
                contiguous && maps_[m].strides.axes[2] == 1 && (!Gradient || gradients_[m].strides.axes[2] == 1);
        }
        return contiguous;
    }

    bool have_channels_last() const {
        bool last = true;
        for (int m = 0; m < Maps; m++) {
            last = last && channels_last(g_, maps_[m].strides);
        }
        return last;
    }

    // Lanes run along the width.
    void along_rows() const {
        Index rows = g_.batch * g_.channels * g_.axes[0].output * g_.axes[1].output;
        parallel_ranges(rows, g_.axes[2].input * kRows * Maps, [&](Index begin, Index end) {
            RowCursor at(g_, g_.channels, begin);
            for (Index i = begin; i < end; i++, at.next(g_, g_.channels)) {
                row(places(at, at.channel, 0));
            }
        });
        clear_uncovered();
    }

    void along_channels() const {
        Index rows = g_.batch * g_.axes[0].output * g_.axes[1].output;
        parallel_ranges(rows, g_.axes[2].input * g_.channels * kRows * Maps, [&](Index begin, Index end) {
            RowCursor at(g_, 1, begin);
            for (Index i = begin; i < end; i++, at.next(g_, 1)) {
                for (Index w = 0; w < g_.axes[2].output; w++) {
                    position(places(at, 0, w));
                }
            }
        });
        clear_uncovered();
    }

private:
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();
    static constexpr int kRows = Depth * Height;
    static constexpr int kTaps = Width * kRows;

    template <class Pointer>
    struct Map {
        Pointer first;
        TensorStrides strides;

        Index row_offset(int row) const {
            return row / Height * strides.axes[0] + row % Height * strides.axes[1];
        }
    };

    // Where a row's or a position's first window stands.
    struct Places {
        const Storage* maps[Maps];
        Storage* y;
        Storage* gradients[Maps];
    };

    const WindowGeometry& g_;
    Operator op_;
    const TensorStrides& y_strides_;
    Storage* y_;  // or its gradient, which is only read
    Map<const Storage*> maps_[Maps];
    Map<Storage*> gradients_[Maps];

    Places places(const RowCursor& at, Index channel, Index w) const {
        Places result;
        result.y = y_ + element_offset(y_strides_, at.batch, channel, at.depth, at.height, w);
        Index d = at.depth * Depth;
        Index h = at.height * Height;
        for (int m = 0; m < Maps; m++) {
            result.maps[m] = maps_[m].first + element_offset(maps_[m].strides, at.batch, channel, d, h, Width * w);
            if constexpr (Gradient) {
                result.gradients[m] =
                    gradients_[m].first + element_offset(gradients_[m].strides, at.batch, channel, d, h, Width * w);
            }
        }
        return result;
    }

    static bool fits(const WindowAxis& axis, int size) {
        return axis.kernel == size && axis.stride == size && (axis.dilation == 1 || size == 1) && axis.padding == 0 &&
               axis.output * size <= axis.input;
    }

    void row(const Places& at) const {
        Index outputs = g_.axes[2].output;
        if (outputs < kLanes) {
            windows(at, 0, static_cast<int>(outputs));
            return;
        }
        for (Index next = 0; next < outputs; next += kLanes) {
            windows(at, minimum(next, outputs - kLanes), kLanes);
        }
    }

    POOLING_FUNCTION void windows(const Places& at, Index output, int lanes) const {
        Vector values[Maps * kTaps];
        unrolled<Maps * kRows>([&](int i) {
            const Storage* source = at.maps[i / kRows] + maps_[i / kRows].row_offset(i % kRows);
            load_taps<Vector, Width>(source + Width * output, lanes, values + Width * i);
        });
        Storage* y = at.y + output * y_strides_.axes[2];
        if constexpr (Gradient) {
            Vector results[Maps * kTaps];
            op_.template window_gradients<kTaps>(values, load_lanes<Vector>(y, y_strides_.axes[2], lanes), results);
            unrolled<Maps * kRows>([&](int i) {
                Storage* target = at.gradients[i / kRows] + gradients_[i / kRows].row_offset(i % kRows);
                store_taps<Vector, Width>(target + Width * output, lanes, results + Width * i);
            });
        } else {
            store_lanes(y, y_strides_.axes[2], lanes, op_.template window_value<kTaps>(values));
        }
    }

    void position(const Places& at) const {
        Index c = 0;
        for (; c + kLanes <= g_.channels; c += kLanes) {
            some_channels(at, c, kLanes);
        }
        if (c < g_.channels) {
            some_channels(at, c, static_cast<int>(g_.channels - c));
        }
    }

    POOLING_FUNCTION void some_channels(const Places& at, Index c, int lanes) const {
        Vector values[Maps * kTaps];
        unrolled<Maps * kRows>([&](int i) {
            const Map<const Storage*>& map = maps_[i / kRows];
            const Storage* source = at.maps[i / kRows] + map.row_offset(i % kRows) + c;
            unrolled<Width>([&](int tap) {
                values[Width * i + tap] = load_lanes<Vector>(source + tap * map.strides.axes[2], 1, lanes);
            });
        });
        Storage* y = at.y + c * y_strides_.channel;
        if constexpr (Gradient) {
            Vector results[Maps * kTaps];
            op_.template window_gradients<kTaps>(values, load_lanes<Vector>(y, y_strides_.channel, lanes), results);
            unrolled<Maps * kRows>([&](int i) {
                const Map<Storage*>& map = gradients_[i / kRows];
                Index step = map.strides.channel;
                Storage* target = at.gradients[i / kRows] + map.row_offset(i % kRows) + c * step;
                unrolled<Width>([&](int tap) {
                    store_lanes(target + tap * map.strides.axes[2], step, lanes, results[Width * i + tap]);
                });
            });
        } else {
            store_lanes(y, y_strides_.channel, lanes, op_.template window_value<kTaps>(values));
        }
    }

    // What the windows leave over at the ends of the axes has gradient 0.
    void clear_uncovered() const {
        Index covered[kAxes] = {g_.axes[0].output * Depth, g_.axes[1].output * Height, g_.axes[2].output * Width};
        bool all = covered[0] == g_.axes[0].input && covered[1] == g_.axes[1].input && covered[2] == g_.axes[2].input;
        for (int m = 0; m < (Gradient && !all ? Maps : 0); m++) {
            for (Index n = 0; n < g_.batch * g_.channels; n++) {
                for (Index d = 0; d < g_.axes[0].input; d++) {
                    for (Index h = 0; h < g_.axes[1].input; h++) {
                        Index w = d < covered[0] && h < covered[1] ? covered[2] : 0;
                        for (; w < g_.axes[2].input; w++) {
                            store(gradients_[m].first +
                                      element_offset(gradients_[m].strides, n / g_.channels, n % g_.channels, d, h, w),
                                  typename StorageTraits<Storage>::Real(0));
                        }
                    }
                }
            }
        }
    }
};

// False where the windows are others.
template <class Operator, class Storage, int Maps, int Depth, int Height, int Width, bool Gradient>
bool try_adjacent_windows(const WindowHeader& header, const TensorStrides* strides, void* const* arrays) {
    typedef AdjacentWindows<Operator, Storage, Maps, Depth, Height, Width, Gradient> Windows;
    if (!Windows::applies(header.geometry)) {
        return false;
    }
    Windows windows(header, strides, arrays);
    if (windows.have_channels_last()) {
        windows.along_channels();
        return true;
    }
    if (windows.have_contiguous_rows()) {
        windows.along_rows();
        return true;
    }
    return false;
}

template <class Operator, class Storage, int Maps, bool Gradient>
bool try_adjacent_windows(const WindowHeader& header, const TensorStrides* strides, void* const* arrays) {
    return try_adjacent_windows<Operator, Storage, Maps, 1, 2, 2, Gradient>(header, strides, arrays) ||
           try_adjacent_windows<Operator, Storage, Maps, 2, 2, 2, Gradient>(header, strides, arrays) ||
           try_adjacent_windows<Operator, Storage, Maps, 1, 1, 2, Gradient>(header, strides, arrays) ||
           try_adjacent_windows<Operator, Storage, Maps, 1, 1, 3, Gradient>(header, strides, arrays) ||
           try_adjacent_windows<Operator, Storage, Maps, 1, 1, 4, Gradient>(header, strides, arrays) ||
           try_adjacent_windows<Operator, Storage, Maps, 1, 1, 5, Gradient>(header, strides, arrays);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
