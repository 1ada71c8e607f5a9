// SPDX-License-Identifier: Apache-2.0
#include "../kernels/s3_pool.h"

#include "plane_sums.h"
#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
struct Inference {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    const S3Parameters& p;
    CellPlan plan;
    const CellLevel& level;
    const Storage* x;

    Inference(const void* parameters, void* const* arrays)
        : p(*static_cast<const S3Parameters*>(parameters)),
          plan{static_cast<const Index*>(arrays[1]), 0},
          level(plan.level(0)),
          x(static_cast<const Storage*>(arrays[0])) {}

    MapView map() const {
        return {p.cells.batch, p.cells.channels, p.cells.input, p.cells.x};
    }

    Index work_per_element() const {
        return p.kernel[0] * p.kernel[1] * p.kernel[2];
    }

    // z of windows side by side: neighbours along the width, or channels.
    POOLING_FUNCTION Largest<Vector> z(const Storage* from, Index stride, int lanes) const {
        return window_maximum<Vector>(p,
                                      [&](Index offset) { return load_lanes<Vector>(from + offset, stride, lanes); });
    }

    // Means of a row of cells. Where their sums overflow, sums of half the size do not.
    void row(const MapRow& at, const CellRow& cells, Real* sums, Storage* y) const {
        const Storage* plane = x + at.batch * p.cells.x.batch + at.channel * p.cells.x.channel;
        Real divisor_of_rows = static_cast<Real>(cells.rows()) * 2;
        cells.for_each_row(p.cells.x, [&](Index offset, Index number) {
            for_each_vector<Vector>(p.windows(2), [&](Index i, int lanes) {
                Vector half =
                    z(plane + offset + i * p.cells.x.axes[2], p.cells.x.axes[2], lanes).value / divisor_of_rows;
                store_lanes(sums + i, number == 0 ? half : load_lanes(sums + i) + half);
            });
        });
        for (Index o = 0; o < level.output[2]; o++, y += level.y.strides.axes[2]) {
            const CellRange& width = cells.widths[o];
            Real half = 0;
            for (Index i = width.begin; i < width.end; i++) {
                half += sums[i] / static_cast<Real>(width.divisor);
            }
            store(y, twice(half));
        }
    }

    void channels(const MapRow& at, const CellRow& cells, Index o, Storage* y) const {
        const CellRange& width = cells.widths[o];
        Real divisor = static_cast<Real>(cells.divisor(o)) * 2;
        for_each_vector<Vector>(p.cells.channels, [&](Index c, int lanes) {
            Vector half = broadcast<Vector>(0);
            cells.for_each_row(p.cells.x, [&](Index offset, Index) {
                for (Index i = width.begin; i < width.end; i++) {
                    Index element = at.batch * p.cells.x.batch + c + offset + i * p.cells.x.axes[2];
                    half += z(x + element, 1, lanes).value / divisor;
                }
            });
            store_lanes(y + c * level.y.strides.channel, level.y.strides.channel, lanes, twice(half));
        });
    }

    KernelStatus forward(Storage* y) const {
        bool along_channels = map().channels_last();
        Index planes = along_channels ? 1 : p.cells.channels;
        Index rows = level.output[0] * level.output[1];
        Index work = map().positions() / rows * work_per_element() * p.cells.channels / planes + 1;
        bool out_of_memory = false;
        parallel_ranges(p.cells.batch * planes * rows, work, [&](Index begin, Index end) {
            Scratch<Real> sums(padded<Vector>(p.cells.input[2]));
            if (!sums) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                MapRow at(level.output, planes, i);
                CellRow cells = at.cells(plan, level, planes);
                Storage* target = y + at.offset(level.y);
                if (along_channels) {
                    for (Index o = 0; o < level.output[2]; o++) {
                        channels(at, cells, o, target + o * level.y.strides.axes[2]);
                    }
                } else {
                    row(at, cells, sums.get(), target);
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Shares the gradient of a row of cells out among the elements chosen.
    void add_row(const MapRow& at, Index channel, const Storage* y_gradient, PlaneSums<Storage>& sums) const {
        CellRow cells = at.cells(plan, level, 1);
        const Storage* plane = x + at.batch * p.cells.x.batch + at.channel * p.cells.x.channel;
        for (Index d = cells.depth.begin; d < cells.depth.end; d++) {
            for (Index h = cells.height.begin; h < cells.height.end; h++) {
                const Storage* row = plane + d * p.cells.x.axes[0] + h * p.cells.x.axes[1];
                Index o = 0;
                for_each_vector<Vector>(p.windows(2), [&](Index i, int lanes) {
                    Largest<Vector> largest = z(row + i * p.cells.x.axes[2], p.cells.x.axes[2], lanes);
                    for (int lane = 0; lane < lanes; lane++) {
                        Index w = i + lane;
                        while (o < level.output[2] && cells.widths[o].end <= w) {
                            o++;
                        }
                        if (o < level.output[2]) {  // cells lie side by side, but may end before the map
                            Real g = load(y_gradient + at.offset(level.y) + o * level.y.strides.axes[2]);
                            Index number = static_cast<Index>(largest.place[lane]);
                            sums.add(window_position(p, d, h, w, number), channel,
                                     g / static_cast<Real>(cells.divisor(o)));
                        }
                    }
                });
            }
        }
    }
};

// Arrays: x, plan, y.
template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return Inference<Storage>(parameters, arrays).forward(static_cast<Storage*>(arrays[2]));
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const S3BackwardParameters& p = *static_cast<const S3BackwardParameters*>(parameters);
    Inference<Storage> inference(&p.pool, arrays);
    const CellParameters& cells = p.pool.cells;
    MapView target = {cells.batch, cells.channels, cells.input, p.x_gradient};
    Index work = target.positions() * inference.work_per_element();
    return add_to_planes(target, work, static_cast<Storage*>(arrays[3]),
                         [&](PlaneSums<Storage>& sums, Index batch, Range channels) {
                             const Storage* y_gradient = static_cast<const Storage*>(arrays[2]);
                             const CellLevel& level = inference.level;
                             for (Index row = 0; row < level.output[0] * level.output[1]; row++) {
                                 MapRow at(level.output, 1, row);
                                 at.batch = batch;
                                 for (Index c = 0; c < channels.size(); c++) {
                                     at.channel = channels.begin + c;
                                     inference.add_row(at, c, y_gradient, sums);
                                 }
                             }
                         });
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(s3_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(s3_pool)[] = {
    POOLING_KERNEL("s3_pool_forward", S3Parameters, 3, forward),
    POOLING_KERNEL("s3_pool_backward", S3BackwardParameters, 4, backward),
    {},
};

}  // namespace pooling
