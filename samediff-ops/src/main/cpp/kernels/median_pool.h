// SPDX-License-Identifier: Apache-2.0
// Lower median pooling: the element of rank floor((N - 1) / 2), counted from the smallest; equal elements rank in their
// order. The first NaN, if there is one.
#pragma once

#include "window_statistics.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct MedianPool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kMasks = 0;
    static constexpr bool kHasIndex = true;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit MedianPool(const WindowOptions&) {}

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        const Element wanted = static_cast<Element>((w.count() - 1) / 2);
        Extremum<Real> median = {w.x(0), broadcast<Real>(0)};
        for (Index i = 0; i < w.count(); i++) {
            Real x = w.x(i);
            Real rank = broadcast<Real>(0);
            for (Index j = 0; j < w.count(); j++) {
                Real other = w.x(j);
                auto before = j < i ? other <= x : other < x;
                rank += before ? broadcast<Real>(1) : broadcast<Real>(0);
            }
            median.value = rank == wanted ? x : median.value;
            median.tap = rank == wanted ? broadcast<Real>(static_cast<Element>(i)) : median.tap;
        }
        for (Index i = w.count() - 1; i >= 0; i--) {
            Real x = w.x(i);
            median.tap = x == x ? median.tap : broadcast<Real>(static_cast<Element>(i));
            median.value = x == x ? median.value : x;
        }
        w.choose(median.tap);
        return median.value;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
