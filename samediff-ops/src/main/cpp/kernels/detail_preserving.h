// SPDX-License-Identifier: Apache-2.0
// Detail-preserving pooling (Saeedan, Weber, Goesele, Roth, CVPR 2018): y = sum_q w_q x_q / sum_q w_q with
// w_q = alpha + (s_q / n)^m,   s_q = z_q^2 + eps,   z_q = x_q - xt or max(0, x_q - xt) xt the value of a smoothed
// map, alpha = exp(a), m = exp(l) / 2, n = 1, the mean or the sum of s over the window. Weights are computed
// relative to the largest one, from their logarithms.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct DetailPreservingOptions {
    enum Normalisation { kNone, kMean, kSum };

    bool asymmetric;
    Index normalisation;
    double epsilon;

    POOLING_FUNCTION explicit DetailPreservingOptions(const WindowOptions& options)
        : asymmetric(options.words[0] != 0), normalisation(options.words[1]), epsilon(options.real(2)) {}
};

template <class Window>
class DetailPreserving {
    typedef typename Window::Real Real;
    typedef typename Window::Element Element;
    static constexpr Element kMostAlpha = 10;  // the authors' limit; its gradient is 0

public:
    POOLING_FUNCTION DetailPreserving(const DetailPreservingOptions& options, const Window& w, Real smoothed,
                                      Real log_alpha, Real log_lambda)
        : o_(options), w_(w), smoothed_(smoothed) {
        const Element most = Element(2.302585092994045684);  // ln(kMostAlpha)
        limited_ = log_alpha < most ? broadcast<Real>(0) : broadcast<Real>(1);
        log_alpha = log_alpha > most ? broadcast<Real>(most) : log_alpha;
        exponent_ = exponential(log_lambda) * Element(0.5);
        norm_ = broadcast<Real>(1);
        if (o_.normalisation != DetailPreservingOptions::kNone) {
            norm_ = square(0);
            for (Index i = 1; i < w.count(); i++) {
                norm_ += square(i);
            }
            if (o_.normalisation == DetailPreservingOptions::kMean) {
                norm_ *= reciprocal<Element>(w.count());
            }
        }
        log_norm_ = o_.normalisation == DetailPreservingOptions::kNone ? broadcast<Real>(0) : logarithm(norm_);
        shift_ = log_alpha;
        for (Index i = 0; i < w.count(); i++) {
            Real ratio = logarithm(square(i)) - log_norm_;
            w.keep(kLogRatio, i, ratio);
            Real l = exponent_ * ratio;
            shift_ = (l > shift_) | (l != l) ? l : shift_;
        }
        alpha_ = exponential_of_nonpositive(log_alpha - shift_);
        Real total = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            Real part = new_detail(i);
            w.keep(kDetail, i, part);
            total += part + alpha_;
        }
        share_ = Element(1) / total;
        y_ = broadcast<Real>(0);
        for (Index i = 0; i < w.count(); i++) {
            y_ += (detail(i) + alpha_) * share_ * w.x(i);
        }
        y_ = w.count() == 1 ? w.x(0) : y_;  // rounding would tell them apart
    }

    POOLING_FUNCTION Real value() const {
        return y_;
    }

    // Adds the gradients of x at a fixed smoothed map; the arguments get those of the other inputs.
    POOLING_FUNCTION void backward(Real& by_smoothed, Real& by_log_alpha, Real& by_log_lambda) const {
        Real gradient = w_.gradient();
        Real sum = broadcast<Real>(0);
        by_log_alpha = broadcast<Real>(0);
        by_log_lambda = broadcast<Real>(0);
        for (Index i = 0; i < w_.count(); i++) {
            Real deviation = (w_.x(i) - y_) * share_;
            Real f = exponent_ * deviation * detail(i);
            sum += f;
            by_log_alpha += alpha_ * deviation;
            by_log_lambda += f * log_ratio(i);
        }
        by_log_alpha = gradient * (by_log_alpha - by_log_alpha * limited_);
        by_log_lambda = gradient * by_log_lambda;
        Real through_norm = broadcast<Real>(0);
        if (o_.normalisation == DetailPreservingOptions::kMean) {
            through_norm = sum / norm_ * reciprocal<Element>(w_.count());
        } else if (o_.normalisation == DetailPreservingOptions::kSum) {
            through_norm = sum / norm_;
        }
        by_smoothed = broadcast<Real>(0);
        for (Index i = 0; i < w_.count(); i++) {
            Real f = exponent_ * (w_.x(i) - y_) * share_ * detail(i);
            Real by_square = f / square(i) - through_norm;
            Real by_difference = gradient * by_square * difference(i) * Element(2);
            by_smoothed -= by_difference;
            w_.add_x_gradient(i, gradient * (detail(i) + alpha_) * share_ + by_difference);
        }
    }

private:
    enum { kLogRatio, kDetail };  // what is kept of every tap

    const DetailPreservingOptions& o_;
    const Window& w_;
    Real smoothed_;
    Real limited_;
    Real exponent_;
    Real norm_;
    Real log_norm_;
    Real shift_;
    Real alpha_;
    Real share_;  // of a weight of 1
    Real y_;

    POOLING_FUNCTION Real difference(Index i) const {
        Real z = w_.x(i) - smoothed_;
        return o_.asymmetric ? (z < Element(0) ? broadcast<Real>(0) : z) : z;
    }

    POOLING_FUNCTION Real square(Index i) const {
        Real z = difference(i);
        return z * z + static_cast<Element>(o_.epsilon);
    }

    POOLING_FUNCTION Real log_ratio(Index i) const {
        return w_.kept(kLogRatio, i, [&]() { return logarithm(square(i)) - log_norm_; });
    }

    // (s / n)^m, relative to the largest weight.
    POOLING_FUNCTION Real new_detail(Index i) const {
        return exponential_of_nonpositive(exponent_ * log_ratio(i) - shift_);
    }

    POOLING_FUNCTION Real detail(Index i) const {
        return w_.kept(kDetail, i, [&]() { return new_detail(i); });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
