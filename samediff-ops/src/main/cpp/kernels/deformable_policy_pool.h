// SPDX-License-Identifier: Apache-2.0
// The policy of deformable policy pooling: probabilities pi = softmax(z) of the K places of a window, as factors for
// deformable average pooling, which divides by K: K pi_k, or K for a place drawn from pi and 0 for the others. With the
// gradients M_k of the factors, times K, the gradient of z is pi_k (M_k - sum_j pi_j M_j); where place l was drawn it
// is estimated by ([k = l] - pi_k) (M_l - sum_j pi_j M_j), whose mean over the draws is the former (Williams, Machine
// Learning 8, 1992).
#pragma once

#include "../core/philox.h"
#include "../core/storage.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (DeformablePolicyPool.java). Arrays of the choice: logits, u or null, factors, index or null; of its
// repetition: logits, index, factors; of the gradient: logits, index or null, gradients of the factors and of the
// logits. Depth axes are not used.
struct PolicyParameters {
    Index batch;
    Index groups;
    Index taps;  // K
    Index rows;  // of windows
    Index columns;
    Index key;  // of the draw
    TensorStrides logits;
    TensorStrides u;
    TensorStrides factors;  // or their gradients
    TensorStrides index;
    TensorStrides logits_gradient;

    POOLING_FUNCTION Index windows() const {
        return batch * groups * rows * columns;
    }
};

// A window of a group of channels.
struct PolicyWindow {
    Index batch;
    Index group;
    Index row;
    Index column;

    POOLING_FUNCTION Index offset(const TensorStrides& s, Index channel) const {
        return batch * s.batch + channel * s.channel + row * s.axes[1] + column * s.axes[2];
    }

    // In the order group, row, column, whatever the layout.
    POOLING_FUNCTION Index number(const PolicyParameters& p) const {
        return ((batch * p.groups + group) * p.rows + row) * p.columns + column;
    }
};

template <class Storage>
struct Policy {
    typedef typename StorageTraits<Storage>::Real Real;

    const Storage* logits;
    Index step;
    Index taps;
    Real largest;
    Real sum;  // of the exponentials; NaN where a logit is

    POOLING_FUNCTION Policy(const PolicyParameters& p, const void* array, const PolicyWindow& at)
        : logits(static_cast<const Storage*>(array) + at.offset(p.logits, at.group * p.taps)),
          step(p.logits.channel),
          taps(p.taps),
          largest(load(logits)),
          sum(0) {
        for (Index i = 1; i < taps; i++) {
            Real z = load(logits + i * step);
            largest = z > largest ? z : largest;
        }
        for (Index i = 0; i < taps; i++) {
            sum += weight(i);
        }
    }

    // Of the largest logits 1, also where these are infinite.
    POOLING_FUNCTION Real weight(Index tap) const {
        Real z = load(logits + tap * step);
        return exponential_of_nonpositive(z == largest ? Real(0) : z - largest);
    }

    POOLING_FUNCTION Real probability(Index tap) const {
        return weight(tap) / sum;
    }

    // The first place whose running sum of weights reaches u times their sum; -1 for none, where there is a NaN.
    POOLING_FUNCTION Index draw(Real u) const {
        Real threshold = u * sum;
        Real running = 0;
        Index last = -1;
        for (Index i = 0; i < taps; i++) {
            Real w = weight(i);
            running += w;
            last = w > 0 ? i : last;
            if (running >= threshold && w > 0) {
                return i;
            }
        }
        return last;
    }
};

// Writes the factors of a window, and the index where there is one.
template <class Storage>
POOLING_FUNCTION void choose_places(const PolicyParameters& p, const void* logits, const Storage* u, Storage* factors,
                                    Index* index, const PolicyWindow& at) {
    typedef typename StorageTraits<Storage>::Real Real;
    Policy<Storage> policy(p, logits, at);
    Storage* to = factors + at.offset(p.factors, at.group * p.taps);
    Real scale = static_cast<Real>(p.taps);
    Index chosen = -1;
    if (index != nullptr) {
        Real number = u != nullptr ? load(u + at.offset(p.u, at.group))
                                   : uniform_of<Real>(static_cast<UInt64>(p.key), at.number(p));
        chosen = policy.draw(number);
        index[at.offset(p.index, at.group)] = chosen;
    }
    for (Index i = 0; i < p.taps; i++) {
        Real drawn = policy.sum != policy.sum ? policy.sum : i == chosen ? scale : Real(0);
        store(to + i * p.factors.channel, index != nullptr ? drawn : policy.probability(i) * scale);
    }
}

// Writes the factors of a window whose index is known.
template <class Storage>
POOLING_FUNCTION void repeat_choice(const PolicyParameters& p, const Index* index, Storage* factors,
                                    const PolicyWindow& at) {
    typedef typename StorageTraits<Storage>::Real Real;
    Storage* to = factors + at.offset(p.factors, at.group * p.taps);
    Index chosen = index[at.offset(p.index, at.group)];
    for (Index i = 0; i < p.taps; i++) {
        store(to + i * p.factors.channel, i == chosen ? static_cast<Real>(p.taps) : Real(0));
    }
}

// Writes the gradients of the logits of a window.
template <class Storage>
POOLING_FUNCTION void policy_gradient(const PolicyParameters& p, const void* logits, const Index* index,
                                      const Storage* factor_gradients, Storage* gradients, const PolicyWindow& at) {
    typedef typename StorageTraits<Storage>::Real Real;
    Policy<Storage> policy(p, logits, at);
    const Storage* from = factor_gradients + at.offset(p.factors, at.group * p.taps);
    Storage* to = gradients + at.offset(p.logits_gradient, at.group * p.taps);
    Real scale = static_cast<Real>(p.taps);
    Real mean = 0;
    for (Index i = 0; i < p.taps; i++) {
        mean += policy.probability(i) * (load(from + i * p.factors.channel) * scale);
    }
    Index chosen = index != nullptr ? index[at.offset(p.index, at.group)] : -1;
    Real advantage = chosen >= 0 ? load(from + chosen * p.factors.channel) * scale - mean : Real(0);
    for (Index i = 0; i < p.taps; i++) {
        Real probability = policy.probability(i);
        Real estimate = ((i == chosen ? Real(1) : Real(0)) - probability) * advantage;
        Real exact = probability * (load(from + i * p.factors.channel) * scale - mean);
        store(to + i * p.logits_gradient.channel, index != nullptr ? estimate : exact);
    }
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
