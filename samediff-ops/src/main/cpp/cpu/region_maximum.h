// SPDX-License-Identifier: Apache-2.0
// Plan of RoIAlign with the maximum of the samples. A sample outside the map is 0; the first maximum, row by row, gets
// the gradient; a NaN among the samples makes the result NaN and gets it instead.
#pragma once

#include "../kernels/roi_align.h"
#include "region.h"
#include "region_taps.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class MaximumPlan {
public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = false;  // each channel has a maximum of its own

    MaximumPlan(const RegionParameters& p, void* const* arrays, RegionPass)
        : p_(p), arrays_(arrays), op_(p, arrays), row_stride_(0), column_stride_(0) {}

    bool select(const RegionBox& box, Index offset_class, Index row_stride, Index column_stride) {
        op_.select(box, offset_class);
        row_stride_ = row_stride;
        column_stride_ = column_stride;
        samples_.clear();
        ranges_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            ranges_.add(samples_of(op_.region.y.cell(i, 0)));
        }
        for (Index j = 0; j < p_.columns; j++) {
            ranges_.add(samples_of(op_.region.x.cell(j, 0)));
        }
        return !samples_.failed() && !ranges_.failed();
    }

    template <class>
    void forward(const RegionCell& cell) const {
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        store(y + p_.output.at(cell.region, cell.channel, cell.row, cell.column), maximum_of(cell).value);
    }

    void backward(const RegionCell& cell, Real* map) const {
        Maximum maximum = maximum_of(cell);
        if (maximum.y == nullptr) {
            return;
        }
        const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
        Real of_cell = load(gradient + p_.output.at(cell.region, cell.channel, cell.row, cell.column));
        for_each_corner<Real>(*maximum.y, *maximum.x, [&](Index row, Index column, Real weight) {
            map[row * row_stride_ + column * column_stride_] += of_cell * weight;
        });
    }

private:
    struct Sample {
        Index rank;
        AxisSample at;
    };

    struct Maximum {
        Real value;
        const AxisSample* y;  // nullptr: none, or a sample outside the map
        const AxisSample* x;
        bool any;
    };

    const RegionParameters& p_;
    void* const* arrays_;
    RoiAlign op_;
    Index row_stride_;
    Index column_stride_;
    GrowingArray<Sample> samples_;
    GrowingArray<Range> ranges_;  // of the rows, then of the columns

    Range samples_of(const CellAxis& cell) {
        Index begin = samples_.size();
        cell.for_each<AlignRule>([&](Index rank, const AxisSample& sample) { samples_.add({rank, sample}); });
        return {begin, samples_.size()};
    }

    static void take(Maximum& m, Real value, const AxisSample* y, const AxisSample* x) {
        if (!m.any || is_beyond(value, m.value)) {
            m = {value, y, x, true};
        }
    }

    Maximum maximum_of(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* map = x + p_.input.at(cell.image, cell.input_channel, 0, 0);
        Range rows = ranges_[cell.row];
        Range columns = ranges_[p_.rows + cell.column];
        Maximum maximum = {0, nullptr, nullptr, false};
        if (rows.size() == 0 || columns.size() == 0) {
            return maximum;
        }
        auto take_outside = [&](bool there) {
            if (there) {
                take(maximum, 0, nullptr, nullptr);
            }
        };
        take_outside(samples_[rows.begin].rank > 0 || samples_[columns.begin].rank > 0);
        for (Index i = rows.begin; i < rows.end; i++) {
            for (Index j = columns.begin; j < columns.end; j++) {
                Real half = 0;
                for_each_corner<Real>(samples_[i].at, samples_[j].at, [&](Index row, Index column, Real weight) {
                    half += load(map + row * p_.input.row + column * p_.input.column) * (weight / 2);
                });
                take(maximum, twice_within_range(half), &samples_[i].at, &samples_[j].at);
            }
            take_outside(samples_[columns.end - 1].rank < op_.region.x.count - 1);
        }
        take_outside(samples_[rows.end - 1].rank < op_.region.y.count - 1);
        return maximum;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
