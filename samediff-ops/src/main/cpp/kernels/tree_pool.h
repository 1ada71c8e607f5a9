// SPDX-License-Identifier: Apache-2.0
// Tree pooling (Lee, Gallagher, Tu, AISTATS 2016): leaves f_m = sum_i v_m,i x_i; an internal node mixes its two
// children by a gate sigmoid(sum_i w_m,i x_i), the first child's share. Masks: the leaves v, then the nodes w, of
// which the last is the root.
#pragma once

#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <int Levels>
struct TreePool {
    static constexpr int kElements = 0;
    static constexpr int kParameters = 0;
    static constexpr int kLeaves = 1 << Levels;
    static constexpr int kNodes = kLeaves - 1;
    static constexpr int kMasks = kLeaves + kNodes;
    static constexpr bool kHasIndex = false;
    static constexpr int kDrawn = -1;

    POOLING_FUNCTION explicit TreePool(const WindowOptions&) {}

    // Values of all nodes: the leaves, then the others, each behind its children.
    template <class Real>
    struct Values {
        Real nodes[kLeaves + kNodes];
        Real gates[kNodes];

        template <class Window>
        POOLING_FUNCTION explicit Values(const Window& w) {
            for (int m = 0; m < kMasks; m++) {
                nodes[m] = broadcast<Real>(0);
            }
            for (Index i = 0; i < w.count(); i++) {
                Real x = w.x(i);
                for (int m = 0; m < kMasks; m++) {
                    nodes[m] += w.mask(m, i) * x;
                }
            }
            for (int m = 0; m < kNodes; m++) {
                gates[m] = sigmoid(nodes[kLeaves + m]);
                nodes[kLeaves + m] =
                    gates[m] * nodes[2 * m] + (typename Window::Element(1) - gates[m]) * nodes[2 * m + 1];
            }
        }
    };

    template <class Window>
    POOLING_FUNCTION typename Window::Real forward(const Window& w) const {
        return Values<typename Window::Real>(w).nodes[kMasks - 1];
    }

    template <class Window>
    POOLING_FUNCTION void backward(const Window& w) const {
        typedef typename Window::Real Real;
        typedef typename Window::Element Element;
        Values<Real> v(w);
        Real by_node[kMasks];
        Real factors[kMasks];
        by_node[kMasks - 1] = w.gradient();
        for (int m = kNodes - 1; m >= 0; m--) {
            Real gradient = by_node[kLeaves + m];
            Real q = v.gates[m];
            by_node[2 * m] = gradient * q;
            by_node[2 * m + 1] = gradient * (Element(1) - q);
            factors[kLeaves + m] = gradient * q * (Element(1) - q) * (v.nodes[2 * m] - v.nodes[2 * m + 1]);
        }
        for (int m = 0; m < kLeaves; m++) {
            factors[m] = by_node[m];
        }
        for (int m = 0; m < kMasks; m++) {
            w.set_mask_factor(m, factors[m]);
        }
        for (Index i = 0; i < w.count(); i++) {
            Real sum = factors[0] * w.mask(0, i);
            for (int m = 1; m < kMasks; m++) {
                sum += factors[m] * w.mask(m, i);
            }
            w.add_x_gradient(i, sum);
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
