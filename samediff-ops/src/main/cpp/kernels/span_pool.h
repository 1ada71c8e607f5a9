// SPDX-License-Identifier: Apache-2.0
// Pooling of spans: an example's steps stand in an order of their own, and a span is a range of places in that order. A
// sum, a mean or the largest element of each span; sums and means may weigh elements by exp(-age / tau). Each example
// has a grid of spans, windows by moments; along the moments neither begins nor ends of spans fall. SpanOp.java lays
// them out.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum SpanKind : Index { kSpanSum = 0, kSpanMean = 1, kSpanMaximum = 2 };

// Arrays: x, ln tau of each channel (or none), order, spans, targets, times, moments; then y and the index; or the
// index, the gradient of y, those of x and of ln tau.
struct SpanParameters {
    Index batch;
    Index channels;
    Index steps;
    Index windows;  // of each moment; those of the output's channels follow each other
    Index moments;
    Index kind;
    Index decays;  // whether elements weigh less with their age
    Index rate;    // bits of 1 / tau, where there is no array
    TensorStrides x;
    TensorStrides log_tau;
    TensorStrides y;
    TensorStrides index;
    TensorStrides x_gradient;
    TensorStrides log_tau_gradient;
};

// What Java has laid out, dense arrays.
struct SpanArrays {
    const Index* order;     // [batch, steps]: the steps by place; those in no span at the end
    const Index* spans;     // [batch, windows, moments, 2]: first place, and behind the last
    const Index* targets;   // [batch, moments]: places in the output
    const double* times;    // [batch, steps], by place; none without decay
    const double* moments;  // [batch, moments]
};

struct Span {
    Index begin;
    Index end;
    double now;  // ages count from here

    POOLING_FUNCTION bool empty() const {
        return begin >= end;
    }
};

POOLING_FUNCTION Span span_of(const SpanParameters& p, const SpanArrays& a, Index batch, Index window, Index moment) {
    const Index* span = a.spans + 2 * ((batch * p.windows + window) * p.moments + moment);
    Span result = {span[0], span[1], 0};
    if (p.decays != 0 && !result.empty()) {
        // What all weights of a mean share cancels: its newest element weighs 1, so that their sum is never 0.
        result.now =
            p.kind == kSpanMean ? a.times[batch * p.steps + result.end - 1] : a.moments[batch * p.moments + moment];
    }
    return result;
}

template <class Real>
POOLING_FUNCTION Real decay_rate(Real log_tau) {
    typedef typename RealTraits<Real>::Element Element;
    constexpr Element kMost = Element(1e30);  // so that no product with 0 is one of infinity
    Real rate = exponential(-log_tau);
    return rate > kMost ? broadcast<Real>(kMost) : rate;
}

// A sum or mean. Lanes are channels, which share ages, not tau.
template <class Real>
struct WeightedSpan {
    typedef typename RealTraits<Real>::Element Element;

    Span span;
    const double* times;  // of the example; null where all elements weigh 1
    Real rate;
    bool mean;

    // Age over tau.
    POOLING_FUNCTION Real exponent(Index place) const {
        constexpr double kMost = 1e30;
        double age = span.now - times[place];
        return age > 0 ? rate * static_cast<Element>(age < kMost ? age : kMost) : broadcast<Real>(0) * rate;
    }

    POOLING_FUNCTION Real weight(Index place) const {
        return times == nullptr ? broadcast<Real>(1) : exponential_of_nonpositive(-exponent(place));
    }

    // 1 over the sum of weights; 1 for a sum.
    POOLING_FUNCTION Real scale() const {
        if (!mean) {
            return broadcast<Real>(1);
        }
        if (times == nullptr) {
            return broadcast<Real>(reciprocal<Element>(span.end - span.begin));
        }
        Real sum = broadcast<Real>(0);
        for (Index i = span.begin; i < span.end; i++) {
            sum += weight(i);
        }
        return Element(1) / sum;
    }

    // x(place)
    template <class X>
    POOLING_FUNCTION Real value(const X& x) const {
        const Real share = scale();
        Real y = broadcast<Real>(0);
        for (Index i = span.begin; i < span.end; i++) {
            y += weight(i) * share * x(i);
        }
        return y;
    }

    // Derivative by ln tau.
    template <class X>
    POOLING_FUNCTION Real by_log_tau(const X& x) const {
        const Real share = scale();
        const Real y = mean ? value(x) : broadcast<Real>(0);
        Real sum = broadcast<Real>(0);
        for (Index i = span.begin; i < span.end; i++) {
            Real w = weight(i);
            Real moved = w * exponent(i) * share * (x(i) - y);
            sum += w == Element(0) ? w : moved;
        }
        return sum;
    }
};

// The moments of a window whose spans hold a place.
POOLING_FUNCTION Range moments_over(const SpanParameters& p, const SpanArrays& a, Index batch, Index window,
                                    Index place) {
    const Index* spans = a.spans + 2 * (batch * p.windows + window) * p.moments;
    auto first_with = [&](int side) {  // whose begin (0) or end (1) is beyond the place
        Index low = 0;
        Index high = p.moments;
        while (low < high) {
            Index middle = (low + high) >> 1;
            if (spans[2 * middle + side] > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    };
    return {first_with(1), first_with(0)};
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
