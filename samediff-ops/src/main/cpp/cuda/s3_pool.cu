// SPDX-License-Identifier: Apache-2.0
#include "../kernels/s3_pool.h"
#include "device_cells.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct S3Forward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef S3Parameters Parameters;
        static constexpr int kArrays = 3;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& cells = request.parameters.cells;
            plan.wide = is_wide(cells);
            plan.threads[0] = planes_of(cells) * cells.cells;
        }

        // At half the size the sum of a cell does not overflow.
        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            const TensorStrides& s = p.cells.x;
            CellPlan plan = {arrays.at<const Index>(1), 0};
            CellOfThread at = CellOfThread::of(thread, p.cells, plan, 0);
            CellRow cells = at.row(p.cells, plan);
            CellRange columns = cells.widths[at.place.axes[2]];
            Real divisor = static_cast<Real>(cells.divisor(at.place.axes[2])) * 2;
            const Storage* x = arrays.at<const Storage>(0) + at.batch * s.batch + at.channel * s.channel;
            Real half = 0;
            cells.for_each_row(s, [&](Index offset, Index) {
                for (Index w = columns.begin; w < columns.end; w++) {
                    const Storage* window = x + offset + w * s.axes[2];
                    half +=
                        window_maximum<Real>(p, [&](Index element) { return load(window + element); }).value / divisor;
                }
            });
            store(arrays.at<Storage>(2) + at.offset(plan.level(at.place.level).y), twice(half));
        }
    };
};

// Passes: what each window chooses, and its share of the gradient; every element collects from those that chose it.
struct S3Backward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef S3BackwardParameters Parameters;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 2;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& cells = request.parameters.pool.cells;
            GpuScratch memory(nullptr);
            Windows windows(request.parameters.pool, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(cells);
            plan.threads[0] = planes_of(cells) * windows.of_plane;
            plan.threads[1] = planes_of(cells) * positions_of(cells.input);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Windows windows(p.pool, memory);
            bool channels_last = has_channels_last(p.pool.cells.x);
            if constexpr (Pass == 0) {
                MapPlace at = MapPlace::of(
                    thread, p.pool.cells.channels, [&](int a) { return p.pool.windows(a); }, channels_last);
                one_window(p.pool, arrays, windows, at, thread);
            } else {
                MapPlace at = MapPlace::of(
                    thread, p.pool.cells.channels, [&](int a) { return p.pool.cells.input[a]; }, channels_last);
                Real gradient = of_element(p.pool, windows, at, channels_last);
                store(arrays.at<Storage>(3) + at.offset(p.x_gradient), gradient);
            }
        }

    private:
        static constexpr UInt32 kNothing = ~UInt32(0);

        // In the order of their threads.
        struct Windows {
            Index of_plane;
            UInt32* chosen;  // element of the window
            Real* shares;

            POOLING_FUNCTION Windows(const S3Parameters& p, GpuScratch& memory)
                : of_plane(p.windows(0) * p.windows(1) * p.windows(2)),
                  chosen(memory.take<UInt32>(planes_of(p.cells) * of_plane)),
                  shares(memory.take<Real>(planes_of(p.cells) * of_plane)) {}
        };

        POOLING_DEVICE static void one_window(const S3Parameters& p, const GpuArrays& arrays, const Windows& windows,
                                              const MapPlace& at, Index thread) {
            CellPlan plan = {arrays.at<const Index>(1), 0};
            const CellLevel& level = plan.level(0);
            MapPlace cell = at;
            Index divisor = 1;
            bool inside = true;  // cells lie side by side, but may end before the map
            for (int a = 0; a < kAxes; a++) {
                const CellRange* ranges = plan.ranges(level, a, 0);
                Range over = cells_over(ranges, level.output[a], at.axes[a]);
                inside &= over.size() > 0;
                cell.axes[a] = over.begin;
                divisor *= over.size() > 0 ? ranges[over.begin].divisor : 1;
            }
            UInt32 chosen = kNothing;
            if (inside) {
                const Storage* x = arrays.at<const Storage>(0) + at.offset(p.cells.x);
                chosen = static_cast<UInt32>(
                    window_maximum<Real>(p, [&](Index element) { return load(x + element); }).place);
                Real gradient = load(arrays.at<const Storage>(2) + level.y.first + cell.offset(level.y.strides));
                windows.shares[thread] = gradient / static_cast<Real>(divisor);
            }
            windows.chosen[thread] = chosen;
        }

        POOLING_DEVICE static Real of_element(const S3Parameters& p, const Windows& windows, const MapPlace& at,
                                              bool channels_last) {
            Range over[kAxes];
            for (int a = 0; a < kAxes; a++) {
                over[a] = {maximum(0, at.axes[a] - p.kernel[a] + 1), minimum(at.axes[a] + 1, p.windows(a))};
            }
            Index first = number_in_planes(at.batch, at.channel, p.cells.channels, 0, windows.of_plane, channels_last);
            Index step = channels_last ? p.cells.channels : 1;
            Real sum = 0;
            for (Index d = over[0].begin; d < over[0].end; d++) {
                for (Index h = over[1].begin; h < over[1].end; h++) {
                    Index row = (at.axes[0] - d) * p.kernel[1] + at.axes[1] - h;
                    for (Index w = over[2].begin; w < over[2].end; w++) {
                        Index number = row * p.kernel[2] + at.axes[2] - w;
                        Index window = first + ((d * p.windows(1) + h) * p.windows(2) + w) * step;
                        if (windows.chosen[window] == static_cast<UInt32>(number)) {
                            sum += windows.shares[window];
                        }
                    }
                }
            }
            return sum;
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(s3_pool, s3_pool_forward, pooling::S3Forward, 1)
POOLING_GPU_KERNEL(s3_pool, s3_pool_backward, pooling::S3Backward, 2)
