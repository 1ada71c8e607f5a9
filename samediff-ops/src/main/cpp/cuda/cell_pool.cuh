// SPDX-License-Identifier: Apache-2.0
// Kernels of averages and maxima over cells.
#pragma once

#include "device_cells.cuh"
#include "scatter_sums.cuh"
#include "vector_access.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A cell that is reduced to one number: each of its columns first, neighbouring ones at once, then these.
template <class Storage>
struct CellMean {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef Real Column;
    static constexpr int kResults = 1;

    template <int Count>
    POOLING_DEVICE static void columns(const CellRow& cells, const TensorStrides& s, const Storage* x,
                                       Column (&sums)[Count]) {
        unrolled<Count>([&](int i) { sums[i] = 0; });
        cells.for_each_row(s, [&](Index offset, Index) {
            Storage row[Count];
            load_neighbours(x + offset, row);
            unrolled<Count>([&](int i) { sums[i] += load(row + i); });
        });
    }

    // column_of(number of a column of the map); x: the plane.
    template <class ColumnOf>
    POOLING_DEVICE static void cell(const CellParameters& p, const CellLevel& level, const CellOfThread& at,
                                    const CellRow& cells, const Storage* x, const ColumnOf& column_of,
                                    const GpuArrays& arrays) {
        Index o = at.place.axes[2];
        Real sum = 0;
        for (Index w = cells.widths[o].begin; w < cells.widths[o].end; w++) {
            sum += column_of(w);
        }
        Real mean = sum / static_cast<Real>(cells.divisor(o));
        if (!is_finite(sum)) {
            mean = halved_mean<Real>(cells, o, p.x, [&](Index offset) { return load(x + offset); });
        }
        store(arrays.at<Storage>(2) + at.offset(level.y), mean);
    }
};

template <class Storage>
struct CellLargest {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef Largest<Real> Column;
    static constexpr int kResults = 2;

    template <int Count>
    POOLING_DEVICE static void columns(const CellRow& cells, const TensorStrides& s, const Storage* x,
                                       Column (&largest)[Count]) {
        typedef typename RealTraits<Real>::Bits Bits;
        unrolled<Count>([&](int i) { largest[i] = {Real(0), 0}; });
        cells.for_each_row(s, [&](Index offset, Index number) {
            Storage row[Count];
            load_neighbours(x + offset, row);
            unrolled<Count>([&](int i) {
                Real value = load(row + i);
                if (number == 0) {
                    largest[i].value = value;
                } else {
                    largest[i].take(value, static_cast<Bits>(number));
                }
            });
        });
    }

    template <class ColumnOf>
    POOLING_DEVICE static void cell(const CellParameters& p, const CellLevel& level, const CellOfThread& at,
                                    const CellRow& cells, const Storage*, const ColumnOf& column_of,
                                    const GpuArrays& arrays) {
        CellRange width = cells.widths[at.place.axes[2]];
        Index best = width.begin;
        Column largest = column_of(best);
        for (Index w = best + 1; w < width.end; w++) {
            Column column = column_of(w);
            best = largest.take_unordered(column.value, column.place) ? w : best;
        }
        store(arrays.at<Storage>(2) + at.offset(level.y), largest.value);
        arrays.at<Index>(3)[at.offset(level.index)] = cells.position(static_cast<Index>(largest.place), p.input) + best;
    }
};

// Arrays: x, plan, results of the operator. Passes: columns of large cells one by one; or groups of them; cells.
template <template <class> class Operator>
struct CellForward {
    template <class Storage>
    struct Of {
        typedef CellParameters Parameters;
        typedef typename Operator<Storage>::Column Column;
        static constexpr int kArrays = 2 + Operator<Storage>::kResults;
        static constexpr int kPasses = 3;
        static constexpr int kGroup = kNeighbours<Storage>;

        POOLING_FUNCTION static bool has_columns(const CellParameters& p) {
            constexpr Index kMostDirect = 32;  // elements of a cell, on average
            return positions_of(p.input) * p.levels > kMostDirect * p.cells;
        }

        POOLING_FUNCTION static Column* take(const CellParameters& p, GpuScratch& memory) {
            return memory.take<Column>(has_columns(p) ? columns(p) : 0);
        }

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& p = request.parameters;
            GpuScratch memory(nullptr);
            take(p, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(p);
            bool grouped = is_in_groups(p, request.addresses[0]);
            plan.threads[grouped ? 1 : 0] = has_columns(p) ? columns(p) / (grouped ? kGroup : 1) : 0;
            plan.threads[2] = planes_of(p) * p.cells;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Column* columns = take(p, memory);
            CellPlan plan = {arrays.at<const Index>(1), p.plane_words};
            constexpr int kCount = Pass == 1 ? kGroup : 1;
            CellOfThread at = CellOfThread::of(thread, p, plan, Pass < 2 ? p.input[2] : 0, kCount);
            CellRow cells = at.row(p, plan);
            const Storage* x = arrays.at<const Storage>(0) + at.batch * p.x.batch + at.channel * p.x.channel;
            if constexpr (Pass < 2) {
                Column results[kCount];
                Operator<Storage>::columns(cells, p.x, x + at.column * p.x.axes[2], results);
                unrolled<kCount>([&](int i) { columns[thread * kCount + i] = results[i]; });
            } else {
                const CellLevel& level = plan.level(at.place.level);
                if (has_columns(p)) {
                    bool channels_last = has_channels_last(p.x);
                    Index first = number_in_planes(at.batch, at.channel, p.channels, at.place.row * p.input[2],
                                                   p.cell_rows * p.input[2], channels_last);
                    const Column* row = columns + first;
                    Index step = channels_last ? p.channels : 1;
                    Operator<Storage>::cell(
                        p, level, at, cells, x, [&](Index w) { return row[w * step]; }, arrays);
                } else {
                    Operator<Storage>::cell(
                        p, level, at, cells, x,
                        [&](Index w) {
                            Column result[1];
                            Operator<Storage>::columns(cells, p.x, x + w * p.x.axes[2], result);
                            return result[0];
                        },
                        arrays);
                }
            }
        }

    private:
        POOLING_FUNCTION static Index columns(const CellParameters& p) {
            return planes_of(p) * p.cell_rows * p.input[2];
        }

        // Channels of a group share their rows of cells.
        static bool is_in_groups(const CellParameters& p, Index address) {
            bool along_channels = has_channels_last(p.x);
            Index size = along_channels ? p.channels : p.input[2];
            return is_grouped<Storage, kGroup>(address, p.x, along_channels) && size % kGroup == 0 &&
                   !(along_channels && p.plane_words != 0);
        }
    };
};

// Every element collects from the cells that contain it. Arrays: gradient of y, plan, gradient of x.
struct CellMeanBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef CellParameters Parameters;
        static constexpr int kArrays = 3;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& p = request.parameters;
            plan.wide = is_wide(p);
            plan.threads[0] = planes_of(p) * positions_of(p.input);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            CellPlan plan = {arrays.at<const Index>(1), p.plane_words};
            MapPlace element = MapPlace::of(
                thread, p.channels, [&](int a) { return p.input[a]; }, has_channels_last(p.x));
            Real sum = 0;
            for (Index l = 0; l < p.levels; l++) {
                sum += of_level(p, plan, plan.level(l), element, arrays.at<const Storage>(0));
            }
            store(arrays.at<Storage>(2) + element.offset(p.x), sum);
        }

    private:
        POOLING_DEVICE static Real of_level(const CellParameters& p, const CellPlan& plan, const CellLevel& level,
                                            const MapPlace& element, const Storage* y_gradient) {
            const CellRange* ranges[kAxes];
            Range over[kAxes];
            for (int a = 0; a < kAxes; a++) {
                ranges[a] = plan.ranges(level, a, element.batch * p.channels + element.channel);
                over[a] = cells_over(ranges[a], level.output[a], element.axes[a]);
            }
            const TensorStrides& s = level.y.strides;
            const Storage* gradient =
                y_gradient + level.y.first + element.batch * s.batch + element.channel * s.channel;
            Real sum = 0;
            for (Index d = over[0].begin; d < over[0].end; d++) {
                for (Index h = over[1].begin; h < over[1].end; h++) {
                    for (Index w = over[2].begin; w < over[2].end; w++) {
                        Index divisor = ranges[0][d].divisor * ranges[1][h].divisor * ranges[2][w].divisor;
                        sum +=
                            load(gradient + d * s.axes[0] + h * s.axes[1] + w * s.axes[2]) / static_cast<Real>(divisor);
                    }
                }
            }
            return sum;
        }
    };
};

// An index says where the gradients go. Passes: the largest of them, where sums are deterministic; their scattering;
// the sums. Arrays: gradient of y, index, plan (its ranges are not used), gradient of x.
struct CellLargestBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef ScatterSums<Real> Sums;
        typedef CellParameters Parameters;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 3;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const CellParameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums(memory, elements(p), request.deterministic);
            plan.scratch = memory.used();
            plan.zeroed = plan.scratch;
            plan.wide = is_wide(p);
            plan.threads[0] = request.deterministic ? Sums::searchers(cells(p)) : 0;
            plan.threads[1] = cells(p);
            plan.threads[2] = elements(p);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            CellPlan plan = {arrays.at<const Index>(2), 0};
            const Storage* gradient = arrays.at<const Storage>(0);
            if constexpr (Pass == 0) {
                Sums(memory, elements(p), true).find_largest(0, thread, cells(p), [&](Index i) {
                    CellOfThread at = CellOfThread::of(i, p, plan, 0);
                    return load(gradient + at.offset(plan.level(at.place.level).y));
                });
                return;
            }
            Sums sums = Sums::opened(memory, elements(p), p.cells);
            bool channels_last = has_channels_last(p.x);
            if constexpr (Pass == 1) {
                CellOfThread at = CellOfThread::of(thread, p, plan, 0);
                const CellLevel& level = plan.level(at.place.level);
                Index positions = positions_of(p.input);
                Index position = arrays.at<const Index>(1)[at.offset(level.index)];
                if (position >= 0 && position < positions) {
                    sums.add(number_in_planes(at.batch, at.channel, p.channels, position, positions, channels_last),
                             load(gradient + at.offset(level.y)));
                }
            } else {
                MapPlace element = MapPlace::of(
                    thread, p.channels, [&](int a) { return p.input[a]; }, channels_last);
                store(arrays.at<Storage>(3) + element.offset(p.x), sums.sum(thread));
            }
        }

    private:
        POOLING_FUNCTION static Index cells(const CellParameters& p) {
            return planes_of(p) * p.cells;
        }

        POOLING_FUNCTION static Index elements(const CellParameters& p) {
            return planes_of(p) * positions_of(p.input);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
