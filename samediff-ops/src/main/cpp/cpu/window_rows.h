// SPDX-License-Identifier: Apache-2.0
// Walks the windows of an operator and hands each, or a vector of neighbouring ones, to a visitor. A plane's interior,
// where windows need no bounds checks, goes vector by vector; borders go one by one.
#pragma once

#include "../core/window_geometry.h"
#include "lane_shuffles.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The taps of a window inside the map, counted from the first one along each axis. A tap's number is its place in the
// whole kernel, row by row.

// All taps of a kernel whose size is known at compile time, so that small windows are unrolled into registers.
template <int Depth, int Height, int Width>
struct FixedTaps {
    template <class Function>
    POOLING_FUNCTION void for_each(const Function& function) const {
        unrolled<Depth * Height * Width>(
            [&](int tap) { function(tap / (Height * Width), tap / Width % Height, tap % Width, Index(tap)); });
    }

    POOLING_FUNCTION Index count() const {
        return Depth * Height * Width;
    }
};

struct RuntimeTaps {
    Index depth;
    Index height;
    Index width;
    Index first;  // number of the first tap
    Index kernel_height;
    Index kernel_width;

    template <class Function>
    POOLING_FUNCTION void for_each(const Function& function) const {
        for (Index d = 0; d < depth; d++) {
            for (Index h = 0; h < height; h++) {
                Index number = first + (d * kernel_height + h) * kernel_width;
                for (Index w = 0; w < width; w++) {
                    function(d, h, w, number + w);
                }
            }
        }
    }

    POOLING_FUNCTION Index count() const {
        return depth * height * width;
    }
};

// How one tap of all lanes is read. Taps of a row are numbered from 0; only the paired access needs the number.
// Lanes: how many lanes are wanted, Full<Storage>, which the compiler knows, or a number.
template <class Storage>
struct ScalarAccess {
    typedef typename StorageTraits<Storage>::Real Real;

    POOLING_FUNCTION Real operator()(const Storage* p, Index) const {
        return load(p);
    }
};

template <class Storage>
struct Full {
    POOLING_FUNCTION operator int() const {
        return lane_count<typename LanesOf<typename StorageTraits<Storage>::Real>::Vector>();
    }
};

template <class Storage, class Lanes>
struct ContiguousAccess {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Real;
    Lanes lanes;

    POOLING_FUNCTION Real operator()(const Storage* p, Index) const {
        return load_lanes<Real>(p, 1, lanes);
    }
};

// Lanes two elements apart. Later taps are read as the odd elements from one place earlier: neighbouring taps then
// share a load, and nothing behind the last lane's last tap is touched. Windows must be two taps wide at least.
template <class Storage, class Lanes>
struct PairedAccess {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Real;
    Lanes lanes;

    POOLING_FUNCTION Real operator()(const Storage* p, Index tap) const {
        return tap == 0 ? load_lane_pair<Real>(p, lanes).even : load_lane_pair<Real>(p - 1, lanes).odd;
    }
};

// Lanes a few elements apart, whole vectors.
template <class Storage, int Stride>
struct ShuffledAccess {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Real;

    POOLING_FUNCTION Real operator()(const Storage* p, Index) const {
        return load_lanes_apart<Real, Stride>(p);
    }
};

template <class Storage>
struct StridedAccess {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Real;
    Index stride;
    int lanes;

    POOLING_FUNCTION Real operator()(const Storage* p, Index) const {
        return load_lanes<Real>(p, stride, lanes);
    }
};

template <class Storage, class Taps, class Access>
struct Window {
    typedef typename Access::Real Real;
    const Storage* origin;
    Index steps[kAxes];  // elements from one tap to the next
    Taps taps;
    Access access;

    POOLING_FUNCTION Real first() const {
        return access(origin, 0);
    }

    // function(element, number of its tap)
    template <class Function>
    POOLING_FUNCTION void for_each(const Function& function) const {
        taps.for_each([&](Index d, Index h, Index w, Index number) {
            function(access(origin + d * steps[0] + h * steps[1] + w * steps[2], w), number);
        });
    }

    POOLING_FUNCTION Index count() const {
        return taps.count();
    }
};

// The part of all windows of one output row that does not change along the row.
template <class Storage>
struct RowOfWindows {
    const Storage* origin;  // first valid tap along depth and height, element 0 along the width
    Index steps[kAxes];
    Range depth_taps;
    Range height_taps;
    Index kernel_height;
    Index kernel_width;

    RowOfWindows(const WindowGeometry& g, const TensorStrides& strides, const Storage* channel, Index depth,
                 Index height)
        : origin(channel), kernel_height(g.axes[1].kernel), kernel_width(g.axes[2].kernel) {
        depth_taps = valid_taps(g.axes[0], depth);
        height_taps = valid_taps(g.axes[1], height);
        for (int a = 0; a < kAxes; a++) {
            steps[a] = strides.axes[a] * g.axes[a].dilation;
        }
        if (!empty()) {
            origin += window_start(g.axes[0], depth) * strides.axes[0] + depth_taps.begin * steps[0];
            origin += window_start(g.axes[1], height) * strides.axes[1] + height_taps.begin * steps[1];
        }
    }

    bool empty() const {
        return depth_taps.size() == 0 || height_taps.size() == 0;
    }

    template <class Taps, class Access>
    POOLING_FUNCTION Window<Storage, Taps, Access> window(Index offset, Taps taps, Access access) const {
        return {origin + offset, {steps[0], steps[1], steps[2]}, taps, access};
    }

    RuntimeTaps taps(Range width) const {
        Index first = (depth_taps.begin * kernel_height + height_taps.begin) * kernel_width + width.begin;
        return {depth_taps.size(), height_taps.size(), width.size(), first, kernel_height, kernel_width};
    }
};

// visitor.window(output, lanes, window) gets one window or a vector of them, starting at the output's index along the
// row; visitor.empty(output) a window without elements. Vectors may overlap: an output can be visited twice.
template <class Storage>
class RowWalk {
public:
    RowWalk(const WindowGeometry& g, const TensorStrides& strides)
        : axis_(g.axes[2]), element_stride_(strides.axes[2]), lane_stride_(g.axes[2].stride * strides.axes[2]) {
        interior_ = interior_windows(axis_);
    }

    template <class Visitor>
    void visit(const RowOfWindows<Storage>& row, Range outputs, Visitor& visitor) const {
        if (row.empty()) {
            for (Index output = outputs.begin; output < outputs.end; output++) {
                visitor.empty(output);
            }
            return;
        }
        Range interior = {minimum(maximum(interior_.begin, outputs.begin), outputs.end),
                          maximum(minimum(interior_.end, outputs.end), outputs.begin)};
        if (interior.end <= interior.begin) {
            visit_border(row, outputs, visitor);
            return;
        }
        visit_border(row, {outputs.begin, interior.begin}, visitor);
        visit_interior(row, interior, visitor);
        visit_border(row, {interior.end, outputs.end}, visitor);
    }

private:
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();

    WindowAxis axis_;
    Index element_stride_;
    Index lane_stride_;
    Range interior_;

    template <class Visitor>
    void visit_border(const RowOfWindows<Storage>& row, Range outputs, Visitor& visitor) const {
        for (Index output = outputs.begin; output < outputs.end; output++) {
            Range taps = valid_taps(axis_, output);
            if (taps.size() == 0) {
                visitor.empty(output);
                continue;
            }
            Index first = window_start(axis_, output) + taps.begin * axis_.dilation;
            visitor.window(output, 1, row.window(first * element_stride_, row.taps(taps), ScalarAccess<Storage>()));
        }
    }

    // Rows shorter than a vector take one incomplete vector.
    template <class Visitor>
    void visit_interior(const RowOfWindows<Storage>& row, Range outputs, Visitor& visitor) const {
        int lanes = static_cast<int>(minimum(kLanes, outputs.size()));
        if (lane_stride_ == 1) {
            if (lanes == kLanes) {
                visit_unrolled(row, outputs, kLanes, ContiguousAccess<Storage, Full<Storage>>(), visitor);
            } else {
                visit_unrolled(row, outputs, lanes, ContiguousAccess<Storage, int>{lanes}, visitor);
            }
        } else if (lane_stride_ == 2 && element_stride_ == 1 && axis_.kernel > 1) {
            if (lanes == kLanes) {
                visit_unrolled(row, outputs, kLanes, PairedAccess<Storage, Full<Storage>>(), visitor);
            } else {
                visit_unrolled(row, outputs, lanes, PairedAccess<Storage, int>{lanes}, visitor);
            }
        } else if (!visit_shuffled<3>(row, outputs, lanes, visitor) &&
                   !visit_shuffled<4>(row, outputs, lanes, visitor) &&
                   !visit_shuffled<5>(row, outputs, lanes, visitor)) {
            visit_vectors(row, outputs, lanes, row.taps({0, axis_.kernel}), StridedAccess<Storage>{lane_stride_, lanes},
                          visitor);
        }
    }

    // False where windows are not that far apart or too few.
    template <int Stride, class Visitor>
    bool visit_shuffled(const RowOfWindows<Storage>& row, Range outputs, int lanes, Visitor& visitor) const {
        if (element_stride_ != 1 || lane_stride_ != Stride || lanes < kLanes) {
            return false;
        }
        RuntimeTaps taps = row.taps({0, axis_.kernel});
        ShuffledAccess<Storage, Stride> access;
        if (taps.count() == Stride && taps.kernel_height == 1 && taps.width == Stride) {
            visit_vectors(row, outputs, kLanes, FixedTaps<1, 1, Stride>(), access, visitor);
        } else {
            visit_vectors(row, outputs, kLanes, taps, access, visitor);
        }
        return true;
    }

    template <class Access, class Visitor>
    void visit_unrolled(const RowOfWindows<Storage>& row, Range outputs, int lanes, Access access,
                        Visitor& visitor) const {
        RuntimeTaps taps = row.taps({0, axis_.kernel});
        bool plane = taps.first == 0 && taps.depth == 1 && taps.height == taps.width;
        if (plane && taps.width == 2 && taps.kernel_height == 2) {
            visit_vectors(row, outputs, lanes, FixedTaps<1, 2, 2>(), access, visitor);
        } else if (plane && taps.width == 3 && taps.kernel_height == 3) {
            visit_vectors(row, outputs, lanes, FixedTaps<1, 3, 3>(), access, visitor);
        } else {
            visit_vectors(row, outputs, lanes, taps, access, visitor);
        }
    }

    template <class Taps, class Access, class Visitor>
    void visit_vectors(const RowOfWindows<Storage>& row, Range outputs, int lanes, Taps taps, Access access,
                       Visitor& visitor) const {
        for (Index next = outputs.begin; next < outputs.end; next += lanes) {
            Index output = minimum(next, outputs.end - lanes);
            Index offset = window_start(axis_, output) * element_stride_;
            visitor.window(output, lanes, row.window(offset, taps, access));
        }
    }
};

// Visits one window position for a range of channels that lie side by side; here the visitor's outputs are channels.
// All lanes share the window's taps, so that borders need no care.
template <class Storage, class Visitor>
void visit_channels(const RowOfWindows<Storage>& row, const WindowAxis& axis, Index element_stride, Index output,
                    Range channels, Visitor& visitor) {
    constexpr int kLanes = lane_count<typename LanesOf<typename StorageTraits<Storage>::Real>::Vector>();
    Range taps = valid_taps(axis, output);
    if (row.empty() || taps.size() == 0) {
        for (Index c = channels.begin; c < channels.end; c++) {
            visitor.empty(c);
        }
        return;
    }
    Index offset = (window_start(axis, output) + taps.begin * axis.dilation) * element_stride;
    RuntimeTaps counts = row.taps(taps);
    Index c = channels.begin;
    for (; c + kLanes <= channels.end; c += kLanes) {
        visitor.window(c, kLanes, row.window(offset + c, counts, ContiguousAccess<Storage, Full<Storage>>()));
    }
    if (c < channels.end) {
        int rest = static_cast<int>(channels.end - c);
        visitor.window(c, rest, row.window(offset + c, counts, ContiguousAccess<Storage, int>{rest}));
    }
}

// True where neighbouring channels, not neighbouring columns, lie side by side in memory (NHWC).
POOLING_FUNCTION bool channels_last(const WindowGeometry& g, const TensorStrides& strides) {
    return strides.channel == 1 && g.channels > 1 && (strides.axes[2] != 1 || g.axes[2].input == 1);
}

// Counts through (batch, channel, depth, height) of an output, one row at a time.
struct RowCursor {
    Index batch, channel, depth, height;

    RowCursor(const WindowGeometry& g, Index channels, Index row) {
        height = row % g.axes[1].output;
        row /= g.axes[1].output;
        depth = row % g.axes[0].output;
        row /= g.axes[0].output;
        channel = row % channels;
        batch = row / channels;
    }

    void next(const WindowGeometry& g, Index channels) {
        if (++height == g.axes[1].output) {
            height = 0;
            if (++depth == g.axes[0].output) {
                depth = 0;
                if (++channel == channels) {
                    channel = 0;
                    batch++;
                }
            }
        }
    }
};

POOLING_FUNCTION Index element_offset(const TensorStrides& s, Index batch, Index channel, Index depth, Index height,
                                      Index width) {
    return batch * s.batch + channel * s.channel + depth * s.axes[0] + height * s.axes[1] + width * s.axes[2];
}

POOLING_FUNCTION Index taps_per_window(const WindowGeometry& g) {
    return g.axes[0].kernel * g.axes[1].kernel * g.axes[2].kernel;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
