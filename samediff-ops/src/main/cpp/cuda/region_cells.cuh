// SPDX-License-Identifier: Apache-2.0
// Cells that are weighted sums of rows times columns. Threads work out the elements of both axes once, in double, and
// list them for all channels. A cell with more elements than a list holds, which no region within the image has, is
// worked out anew by each thread.
//
// Operator<Storage>: Mathematics (see kernels/roi_align.h), Taps (region_taps.cuh) and
//     static Index samples(parameters)                  of a cell along an axis; 0: any number
//     static Taps rows(mathematics, i, j), columns(mathematics, i, j)
//     kCounts: a second output has the number of samples on the map; an axis has
//     static int samples_inside(mathematics, whether along rows, i, j)
#pragma once

#include "region_pool.cuh"
#include "region_taps.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Storage>
class MeanCells {
    typedef typename Operator::Mathematics Mathematics;
    typedef typename Operator::Taps Taps;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kShifts = Mathematics::kShiftsCells;

public:
    static constexpr int kBlock = 4;

    POOLING_FUNCTION MeanCells(const RegionParameters& p, GpuScratch& memory)
        : rows_(p.boxes * p.rows * (kShifts ? p.classes * p.columns : 1)),
          columns_(p.boxes * p.columns * (kShifts ? p.classes * p.rows : 1)),
          row_room_(room(Operator::samples(p), p.height, p.rows)),
          column_room_(room(Operator::samples(p), p.width, p.columns)),
          heads_(memory.take<Head>(rows_ + columns_)),
          taps_(memory.take<Tap>(rows_ * row_room_ + columns_ * column_room_)),
          factors_(memory.take<Real>(kShifts ? rows_ : 0)) {}

    POOLING_FUNCTION Index builders() const {
        return rows_ + columns_;
    }

    POOLING_DEVICE void build(const RegionParameters& p, const GpuArrays& arrays, Index thread) const {
        bool of_rows = thread < rows_;
        Index rest = of_rows ? thread : thread - rows_;
        Tap* list = taps_ + (of_rows ? rest * row_room_ : rows_ * row_room_ + rest * column_room_);
        Index room = of_rows ? row_room_ : column_room_;
        Index j = kShifts || !of_rows ? take_last(rest, p.columns) : 0;
        Index i = kShifts || of_rows ? take_last(rest, p.rows) : 0;
        Index offset_class = kShifts ? take_last(rest, p.classes) : 0;
        Mathematics mathematics(p, arrays.addresses);
        mathematics.select(arrays.at<const RegionBox>(kBoxes)[rest], offset_class);
        Taps taps = of_rows ? Operator::rows(mathematics, i, j) : Operator::columns(mathematics, i, j);
        int count = 0;
        while (taps.next()) {
            if (count == room) {
                count = kTooMany;
                break;
            }
            list[count++] = {taps.element, static_cast<Real>(taps.weight)};
        }
        heads_[thread].count = count;
        if constexpr (Operator::kCounts) {
            heads_[thread].samples = Operator::samples_inside(mathematics, of_rows, i, j);
        }
        if (kShifts && of_rows) {
            factors_[thread] = static_cast<Real>(mathematics.factor(i, j));
        }
    }

    POOLING_FUNCTION static bool has_rest(const RegionParameters& p) {
        Index samples = Operator::samples(p);
        return samples == 0 || room(samples, p.height, p.rows) < 2 * samples ||
               room(samples, p.width, p.columns) < 2 * samples;
    }

    template <bool kRest, class Block>
    POOLING_DEVICE void forward(const RegionParameters& p, const GpuArrays& arrays, const Block& block) const {
        if (kRest != is_unlisted(p, block)) {
            return;
        }
        const Storage* x = arrays.at<const Storage>(kInput) + block.image * p.input.batch;
        Index channels[kBlock];
        Real halves[kBlock];
        for (int c = 0; c < kBlock; c++) {
            channels[c] = block.input_channel(p, c) * p.input.channel;
            halves[c] = 0;
        }
        for_each<kRest>(p, arrays, block, Real(0.5), [&](Index row, Index column, Real weight) {
            const Storage* element = x + row * p.input.row + column * p.input.column;
            Real elements[kBlock];
            block.load_channels(element, channels, elements);
            for (int c = 0; c < kBlock; c++) {
                halves[c] += elements[c] * weight;
            }
        });
        Real factor = factor_of(p, block);
        Real results[kBlock];
        unrolled<kBlock>([&](int c) { results[c] = twice_within_range(halves[c]) * factor; });
        block.store_channels(arrays.at<Storage>(kOutput), p.output, results);
        if constexpr (Operator::kCounts) {
            Real count = static_cast<Real>(heads_[row_list(p, block)].samples) *
                         static_cast<Real>(heads_[rows_ + column_list(p, block)].samples);
            for (int c = 0; c < kBlock; c++) {
                if (c < block.count) {
                    store(arrays.at<Storage>(kExtra) + block.at(p.extra, c), count);
                }
            }
        }
    }

    template <bool kRest, class Add>
    POOLING_DEVICE void backward(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                 const Add& add) const {
        if (kRest != is_unlisted(p, block)) {
            return;
        }
        Real gradients[kBlock];
        Real factor = factor_of(p, block);
        for (int c = 0; c < kBlock; c++) {
            gradients[c] =
                c < block.count ? load(arrays.at<const Storage>(kOutput) + block.at(p.output, c)) * factor : Real(0);
        }
        for_each<kRest>(p, arrays, block, Real(1), [&](Index row, Index column, Real weight) {
            for (int c = 0; c < kBlock; c++) {
                add(c, row, column, gradients[c] * weight);
            }
        });
    }

private:
    static constexpr int kTooMany = -1;

    struct Head {
        int count;  // of elements
        int samples;
    };

    struct Tap {
        int element;
        Real weight;
    };

    Index rows_;  // lists of them
    Index columns_;
    Index row_room_;  // elements of a list
    Index column_room_;
    Head* heads_;
    Tap* taps_;
    Real* factors_;

    // A sample lies between two elements. Cells of a region that lies within the image have no more elements than their
    // share of the map and some at their ends.
    POOLING_FUNCTION static Index room(Index samples, Index size, Index cells) {
        Index share = quotient(size, cells) + 4;
        return samples > 0 ? minimum(2 * samples, share) : share;
    }

    POOLING_DEVICE static Index row_list(const RegionParameters& p, const CellBlock& block) {
        return kShifts ? block.number(p) : block.box * p.rows + block.row;
    }

    POOLING_DEVICE static Index column_list(const RegionParameters& p, const CellBlock& block) {
        return kShifts ? block.number(p) : block.box * p.columns + block.column;
    }

    POOLING_DEVICE Real factor_of(const RegionParameters& p, const CellBlock& block) const {
        return kShifts ? factors_[block.number(p)] : Real(1);
    }

    POOLING_DEVICE bool is_unlisted(const RegionParameters& p, const CellBlock& block) const {
        return heads_[row_list(p, block)].count == kTooMany || heads_[rows_ + column_list(p, block)].count == kTooMany;
    }

    // Calls visit(row, column, weight * scale).
    template <bool kRest, class Visit>
    POOLING_DEVICE void for_each(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block, Real scale,
                                 const Visit& visit) const {
        if constexpr (kRest) {
            work_out(p, arrays, block, scale, visit);
        } else {
            look_up(p, block, scale, visit);
        }
    }

    template <class Visit>
    POOLING_DEVICE void look_up(const RegionParameters& p, const CellBlock& block, Real scale,
                                const Visit& visit) const {
        Index row_number = row_list(p, block);
        Index column_number = column_list(p, block);
        int rows = heads_[row_number].count;
        int columns = heads_[rows_ + column_number].count;
        const Tap* row_taps = taps_ + row_number * row_room_;
        const Tap* column_taps = taps_ + rows_ * row_room_ + column_number * column_room_;
        for (int r = 0; r < rows; r++) {
            Tap row = row_taps[r];
            Real row_weight = row.weight * scale;
            for (int c = 0; c < columns; c++) {
                Tap column = column_taps[c];
                visit(row.element, column.element, row_weight * column.weight);
            }
        }
    }

    template <class Visit>
    POOLING_DEVICE static void work_out(const RegionParameters& p, const GpuArrays& arrays, const CellBlock& block,
                                        Real scale, const Visit& visit) {
        Mathematics mathematics(p, arrays.addresses);
        mathematics.select(arrays.at<const RegionBox>(kBoxes)[block.box], block.offset_class);
        Taps rows = Operator::rows(mathematics, block.row, block.column);
        const Taps all_columns = Operator::columns(mathematics, block.row, block.column);
        while (rows.next()) {
            Real row_weight = static_cast<Real>(rows.weight) * scale;
            Taps columns = all_columns;
            while (columns.next()) {
                visit(rows.element, columns.element, row_weight * static_cast<Real>(columns.weight));
            }
        }
    }
};

// RoIAlign and its position-sensitive form.
struct RoiAlignCells {
    typedef RoiAlign Mathematics;
    typedef SampledTaps<AlignRule, false> Taps;
    static constexpr bool kCounts = false;

    POOLING_FUNCTION static Index samples(const RegionParameters& p) {
        return p.options.words[0];
    }

    POOLING_DEVICE static Taps rows(const RoiAlign& align, Index i, Index) {
        return Taps(align.region.y.cell(i, 0));
    }

    POOLING_DEVICE static Taps columns(const RoiAlign& align, Index, Index j) {
        return Taps(align.region.x.cell(j, 0));
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
