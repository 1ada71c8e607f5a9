// SPDX-License-Identifier: Apache-2.0
// The elements along one axis that a cell is a weighted sum of, one after the other in rising order:
//     bool next()      goes to the next one
//     element, weight  and for gradients of places, derivatives[]
//     divisor          what the operator divides the cell's sum by
// What has no part in the cell is left out, so that what stands there does not matter, not even a NaN.
#pragma once

#include "../kernels/precise_roi_pool.h"
#include "../kernels/ps_roi_pool.h"
#include "../kernels/roi_align.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The mean of interpolated samples; kSlopes: its derivative by the cell's position too. Samples that share an element
// follow each other.
template <class Rule, bool kSlopes>
struct SampledTaps {
    static constexpr int kDerivatives = 1;

    Index element;
    double weight;
    double derivatives[kDerivatives];
    Index divisor;

    POOLING_DEVICE explicit SampledTaps(const CellAxis& cell)
        : element(0),
          weight(0),
          derivatives{0},
          divisor(Rule::divisor(cell)),
          cell_(cell),
          rank_(cell.candidates().begin),
          end_(cell.candidates().end),
          each_(1 / static_cast<double>(divisor)),
          place_(-1),
          low_weight_(0),
          high_weight_(0),
          low_slope_(0),
          high_slope_(0),
          has_sample_(false),
          sample_() {}

    POOLING_DEVICE bool next() {
        while (true) {
            if (!has_sample_) {
                take_sample();
            }
            if (has_sample_ && sample_.low == place_) {
                add_sample();
            } else if (is_done()) {
                return false;
            } else if (leave_place()) {
                return true;
            }
        }
    }

private:
    CellAxis cell_;
    Index rank_;
    Index end_;
    double each_;
    Index place_;         // sums of the samples so far for this element,
    double low_weight_;
    double high_weight_;  // and for the next one
    double low_slope_;
    double high_slope_;
    bool has_sample_;  // one that is not added yet
    AxisSample sample_;

    POOLING_DEVICE void take_sample() {
        while (rank_ < end_ && !has_sample_) {
            double position = cell_.position_of(rank_++);
            if (Rule::contains(position, cell_.size)) {
                sample_ = sample_at(position, cell_.size);
                has_sample_ = true;
            }
        }
    }

    POOLING_DEVICE void add_sample() {
        bool single = sample_.high == place_;
        double high = sample_.high_weight * each_;
        low_weight_ += sample_.low_weight * each_;
        low_weight_ += single ? high : 0;
        high_weight_ += single ? 0 : high;
        if (kSlopes) {
            low_slope_ -= single ? 0 : sample_.slope * each_;
            high_slope_ += single ? 0 : sample_.slope * each_;
        }
        has_sample_ = false;
    }

    POOLING_DEVICE bool is_done() const {
        return !has_sample_ && low_weight_ == 0 && high_weight_ == 0 && low_slope_ == 0 && high_slope_ == 0;
    }

    // Nothing more is added to an element that the samples have passed. False: it has no part.
    POOLING_DEVICE bool leave_place() {
        element = place_;
        weight = low_weight_;
        derivatives[0] = low_slope_;
        bool has_part = !(weight == 0) || (kSlopes && !(low_slope_ == 0));
        low_weight_ = high_weight_;
        low_slope_ = high_slope_;
        high_weight_ = 0;
        high_slope_ = 0;
        bool jumps = has_sample_ && low_weight_ == 0 && low_slope_ == 0;
        place_ = jumps ? sample_.low : place_ + 1;
        return has_part;
    }
};

// The mean of elements.
struct ElementTaps {
    Index element;
    double weight;
    Index divisor;

    POOLING_DEVICE explicit ElementTaps(Range range)
        : element(range.begin - 1),
          weight(1 / static_cast<double>(range.size())),
          divisor(range.size()),
          end_(range.end) {}

    POOLING_DEVICE bool next() {
        return ++element < end_;
    }

private:
    Index end_;
};

// The integral of a precise region's cell; its derivatives by the start and by the end of the region.
template <bool kSlopes>
struct HatTaps {
    static constexpr int kDerivatives = 2;

    Index element;
    double weight;
    double derivatives[kDerivatives];
    Index divisor;

    POOLING_DEVICE HatTaps(const HatAxis& axis, Index index)
        : element(0),
          weight(0),
          derivatives{0, 0},
          divisor(1),
          begin_(axis.edge(index)),
          end_(axis.edge(index + 1)),
          length_(axis.length / static_cast<double>(axis.cells)),
          by_start_(static_cast<double>(index) / static_cast<double>(axis.cells)),
          by_end_(static_cast<double>(index + 1) / static_cast<double>(axis.cells)) {
        Range elements = axis.elements(begin_, end_);
        element = elements.begin - 1;
        last_ = elements.end - 1;
    }

    POOLING_DEVICE bool next() {
        while (element < last_) {
            double at = static_cast<double>(++element);
            HatCell cell = {begin_ - at, end_ - at, length_};
            weight = cell.mean();
            bool has_part = !(weight == 0);
            if (kSlopes) {
                double by_begin = cell.by_begin();
                double by_end = cell.by_end();
                derivatives[0] = by_begin * (1 - by_start_) + by_end * (1 - by_end_);
                derivatives[1] = by_begin * by_start_ + by_end * by_end_;
                has_part |= !(derivatives[0] == 0) || !(derivatives[1] == 0);
            }
            if (has_part) {
                return true;
            }
        }
        return false;
    }

private:
    double begin_;
    double end_;
    double length_;
    double by_start_;  // how the ends of the cell follow the end of the region
    double by_end_;
    Index last_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
