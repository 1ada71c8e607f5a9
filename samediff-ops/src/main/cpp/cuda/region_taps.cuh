// SPDX-License-Identifier: Apache-2.0
// The elements along one axis that a cell is a weighted sum of, one after the other in rising order:
//     bool next()      goes to the next one
//     element, weight  and for gradients of places, derivative(i), i < kDerivatives
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

    int element;
    double weight;

    POOLING_DEVICE explicit SampledTaps(const CellAxis& cell)
        : element(-1),
          weight(0),
          cell_(cell),
          each_(1 / static_cast<double>(Rule::divisor(cell))),
          rank_(static_cast<int>(cell.candidates().begin)),
          end_(static_cast<int>(cell.candidates().end)),
          next_weight_(0),
          slope_(0),
          next_slope_(0),
          has_sample_(false),
          low_(0),
          fraction_(0),
          is_between_(false) {}

    POOLING_DEVICE double derivative(int) const {
        return slope_ * each_;
    }

    POOLING_DEVICE bool next() {
        step();
        while (true) {
            take_sample();
            if (has_sample_ && low_ == element) {
                add_sample();
            } else if (!(weight == 0) || slope_ != 0) {
                return true;
            } else if (!(next_weight_ == 0) || next_slope_ != 0) {
                step();
            } else if (has_sample_) {
                element = low_;
            } else {
                return false;
            }
        }
    }

private:
    CellAxis cell_;
    double each_;
    int rank_;
    int end_;
    double next_weight_;  // of element + 1, as far as it is known
    int slope_;           // of element: as a number of samples
    int next_slope_;
    bool has_sample_;  // one that is not added yet: its lower element, and how far it lies behind that
    int low_;
    double fraction_;
    bool is_between_;  // two elements

    POOLING_DEVICE void step() {
        element++;
        weight = next_weight_;
        slope_ = next_slope_;
        next_weight_ = 0;
        next_slope_ = 0;
    }

    POOLING_DEVICE void take_sample() {
        while (rank_ < end_ && !has_sample_) {
            double position = cell_.position_of(rank_++);
            if (Rule::contains(position, cell_.size)) {
                AxisSample sample = sample_at(position, cell_.size);
                low_ = static_cast<int>(sample.low);
                fraction_ = sample.high_weight;
                is_between_ = sample.slope > 0;
                has_sample_ = true;
            }
        }
    }

    POOLING_DEVICE void add_sample() {
        weight += (1 - fraction_) * each_;
        next_weight_ += fraction_ * each_;
        if (kSlopes && is_between_) {
            slope_--;
            next_slope_++;
        }
        has_sample_ = false;
    }
};

// The mean of elements.
struct ElementTaps {
    int element;
    double weight;

    POOLING_DEVICE explicit ElementTaps(Range range)
        : element(static_cast<int>(range.begin) - 1),
          weight(1 / static_cast<double>(range.size())),
          end_(static_cast<int>(range.end)) {}

    POOLING_DEVICE bool next() {
        return ++element < end_;
    }

private:
    int end_;
};

// The integral of a precise region's cell; its derivatives by the start and by the end of the region.
template <bool kSlopes>
struct HatTaps {
    static constexpr int kDerivatives = 2;

    int element;
    double weight;

    POOLING_DEVICE HatTaps(const HatAxis& axis, Index index)
        : element(0),
          weight(0),
          begin_(axis.edge(index)),
          end_(axis.edge(index + 1)),
          length_(axis.length / static_cast<double>(axis.cells)),
          begin_follows_(static_cast<double>(index) / static_cast<double>(axis.cells)),
          end_follows_(static_cast<double>(index + 1) / static_cast<double>(axis.cells)),
          by_begin_(0),
          by_end_(0) {
        Range elements = axis.elements(begin_, end_);
        element = static_cast<int>(elements.begin) - 1;
        last_ = static_cast<int>(elements.end) - 1;
    }

    POOLING_DEVICE double derivative(int i) const {
        double of_begin = i == 0 ? 1 - begin_follows_ : begin_follows_;
        double of_end = i == 0 ? 1 - end_follows_ : end_follows_;
        return by_begin_ * of_begin + by_end_ * of_end;
    }

    POOLING_DEVICE bool next() {
        while (element < last_) {
            double at = static_cast<double>(++element);
            HatCell cell = {begin_ - at, end_ - at, length_};
            weight = cell.mean();
            if (kSlopes) {
                by_begin_ = cell.by_begin();
                by_end_ = cell.by_end();
            }
            if (!(weight == 0) || (kSlopes && !(by_begin_ == 0 && by_end_ == 0))) {
                return true;
            }
        }
        return false;
    }

private:
    double begin_;
    double end_;
    double length_;
    double begin_follows_;  // how the ends of the cell follow the end of the region
    double end_follows_;
    double by_begin_;  // derivatives by the ends of the cell
    double by_end_;
    int last_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
