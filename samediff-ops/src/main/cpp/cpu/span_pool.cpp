// SPDX-License-Identifier: Apache-2.0
#include "../kernels/span_pool.h"

#include <stdlib.h>
#include <string.h>

#include "kernel_table.h"
#include "lanes.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Lanes are channels. A thread has an example and some channels of it.
template <class Storage>
class SpanPool {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    SpanPool(const SpanParameters& parameters, void* const* arrays)
        : p_(parameters),
          x_(static_cast<const Storage*>(arrays[0])),
          log_tau_(static_cast<const Storage*>(arrays[1])),
          a_{static_cast<const Index*>(arrays[2]), static_cast<const Index*>(arrays[3]),
             static_cast<const Index*>(arrays[4]), static_cast<const double*>(arrays[5]),
             static_cast<const double*>(arrays[6])} {}

    KernelStatus forward(Storage* y, Index* index) const {
        for_each_item([&](const Item& item) {
            for_each_span(item, [&](const Span& span, Index window, Index target) {
                Storage* result = y + output_offset(p_.y, item, window, target);
                if (p_.kind == kSpanMaximum) {
                    Index* position = index + output_offset(p_.index, item, window, target);
                    store_lanes(result, p_.y.channel, item.lanes, maximum_of(item, span, position));
                } else {
                    Vector value = span.empty() ? broadcast<Vector>(0) : weighted(item, span).value(reader(item));
                    store_lanes(result, p_.y.channel, item.lanes, value);
                }
            });
        });
        return kSuccess;
    }

    KernelStatus backward(const Index* index, const Storage* y_gradient, Storage* x_gradient,
                          Storage* log_tau_gradient) const {
        bool learned = log_tau_gradient != nullptr;
        Scratch<double> shares(learned ? p_.batch * p_.channels : 0);
        bool out_of_memory = !shares;
        bool bad_index = false;
        if (out_of_memory) {
            return kOutOfMemory;
        }
        parallel_ranges(items(), work(), [&](Index begin, Index end) {
            Scratch<Real> sums(p_.steps * kLanes);
            if (!sums) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Item item = item_of(i);
                memset(sums.get(), 0, static_cast<size_t>(p_.steps * kLanes) * sizeof(Real));
                double* share = learned ? shares.get() + item.batch * p_.channels + item.channel : nullptr;
                if (!gather(item, index, y_gradient, sums.get(), share)) {
                    bad_index = true;
                }
                for (Index step = 0; step < p_.steps; step++) {
                    Storage* target = x_gradient + item.batch * p_.x_gradient.batch +
                                      item.channel * p_.x_gradient.channel + step * p_.x_gradient.axes[2];
                    store_lanes(target, p_.x_gradient.channel, item.lanes, load_lanes(sums.get() + step * kLanes));
                }
            }
        });
        if (learned && !out_of_memory) {
            store_shares(shares.get(), log_tau_gradient);
        }
        return out_of_memory ? kOutOfMemory : bad_index ? kBadIndex : kSuccess;
    }

private:
    struct Item {
        Index batch;
        Index channel;
        int lanes;
        Vector rate;
    };

    const SpanParameters& p_;
    const Storage* x_;
    const Storage* log_tau_;
    SpanArrays a_;

    Index chunks() const {
        return (p_.channels + kLanes - 1) / kLanes;
    }

    Index items() const {
        return p_.batch * chunks();
    }

    Index work() const {
        return (p_.windows * p_.moments + p_.steps) * kLanes;
    }

    Item item_of(Index number) const {
        Item item = {};
        item.batch = number / chunks();
        item.channel = number % chunks() * kLanes;
        item.lanes = static_cast<int>(minimum(kLanes, p_.channels - item.channel));
        item.rate = broadcast<Vector>(static_cast<Real>(bit_cast<double>(p_.rate)));
        if (log_tau_ != nullptr) {
            item.rate = decay_rate(
                load_lanes<Vector>(log_tau_ + item.channel * p_.log_tau.channel, p_.log_tau.channel, item.lanes));
        }
        return item;
    }

    template <class Body>
    void for_each_item(const Body& body) const {
        parallel_ranges(items(), work(), [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                body(item_of(i));
            }
        });
    }

    template <class Body>
    void for_each_span(const Item& item, const Body& body) const {
        for (Index window = 0; window < p_.windows; window++) {
            for (Index moment = 0; moment < p_.moments; moment++) {
                body(span_of(p_, a_, item.batch, window, moment), window, a_.targets[item.batch * p_.moments + moment]);
            }
        }
    }

    Index output_offset(const TensorStrides& s, const Item& item, Index window, Index target) const {
        return item.batch * s.batch + (window * p_.channels + item.channel) * s.channel + target * s.axes[2];
    }

    Index step_at(const Item& item, Index place) const {
        return a_.order[item.batch * p_.steps + place];
    }

    auto reader(const Item& item) const {
        return [this, &item](Index place) {
            const Storage* source =
                x_ + item.batch * p_.x.batch + item.channel * p_.x.channel + step_at(item, place) * p_.x.axes[2];
            return load_lanes<Vector>(source, p_.x.channel, item.lanes);
        };
    }

    WeightedSpan<Vector> weighted(const Item& item, const Span& span) const {
        const double* times = p_.decays != 0 ? a_.times + item.batch * p_.steps : nullptr;
        return {span, times, item.rate, p_.kind == kSpanMean};
    }

    Vector maximum_of(const Item& item, const Span& span, Index* position) const {
        Extremum<Vector> largest = {broadcast<Vector>(0), broadcast<Vector>(-1)};
        auto x = reader(item);
        for (Index i = span.begin; i < span.end; i++) {
            if (i == span.begin) {
                largest = {x(i), broadcast<Vector>(0)};
            } else {
                largest.take_larger(x(i), i - span.begin);
            }
        }
        Real taps[kLanes];
        store_unaligned(taps, largest.tap);
        for (int lane = 0; lane < item.lanes; lane++) {
            Index tap = static_cast<Index>(taps[lane]);
            position[lane * p_.index.channel] = tap < 0 ? -1 : step_at(item, span.begin + tap);
        }
        return largest.value;
    }

    bool gather(const Item& item, const Index* index, const Storage* y_gradient, Real* sums, double* share) const {
        bool good = true;
        double of_channels[kLanes] = {};
        for_each_span(item, [&](const Span& span, Index window, Index target) {
            Vector gradient =
                load_lanes<Vector>(y_gradient + output_offset(p_.y, item, window, target), p_.y.channel, item.lanes);
            if (p_.kind == kSpanMaximum) {
                good &= add_chosen(item, index + output_offset(p_.index, item, window, target), gradient, sums);
                return;
            }
            if (span.empty()) {
                return;
            }
            WeightedSpan<Vector> weights = weighted(item, span);
            Vector scaled = gradient * weights.scale();
            for (Index i = span.begin; i < span.end; i++) {
                Real* sum = sums + step_at(item, i) * kLanes;
                store_lanes(sum, load_lanes(sum) + scaled * weights.weight(i));
            }
            if (share != nullptr) {
                Real derivatives[kLanes];
                store_unaligned(derivatives, gradient * weights.by_log_tau(reader(item)));
                for (int lane = 0; lane < item.lanes; lane++) {
                    of_channels[lane] += static_cast<double>(derivatives[lane]);
                }
            }
        });
        for (int lane = 0; share != nullptr && lane < item.lanes; lane++) {
            share[lane] = of_channels[lane];
        }
        return good;
    }

    // False for an index outside the sequence.
    bool add_chosen(const Item& item, const Index* index, Vector gradient, Real* sums) const {
        bool good = true;
        Real gradients[kLanes];
        store_unaligned(gradients, gradient);
        for (int lane = 0; lane < item.lanes; lane++) {
            Index step = index[lane * p_.index.channel];
            good &= step >= -1 && step < p_.steps;
            if (step >= 0 && step < p_.steps) {
                sums[step * kLanes + lane] += gradients[lane];
            }
        }
        return good;
    }

    void store_shares(const double* shares, Storage* log_tau_gradient) const {
        for (Index channel = 0; channel < p_.channels; channel++) {
            double sum = 0;
            for (Index batch = 0; batch < p_.batch; batch++) {
                sum += shares[batch * p_.channels + channel];
            }
            store(log_tau_gradient + channel * p_.log_tau_gradient.channel, static_cast<Real>(sum));
        }
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return SpanPool<Storage>(*static_cast<const SpanParameters*>(parameters), arrays)
        .forward(static_cast<Storage*>(arrays[7]), static_cast<Index*>(arrays[8]));
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    return SpanPool<Storage>(*static_cast<const SpanParameters*>(parameters), arrays)
        .backward(static_cast<const Index*>(arrays[7]), static_cast<const Storage*>(arrays[8]),
                  static_cast<Storage*>(arrays[9]), static_cast<Storage*>(arrays[10]));
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(span_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(span_pool)[] = {
    POOLING_KERNEL("span_pool_forward", SpanParameters, 9, forward),
    POOLING_KERNEL("span_pool_backward", SpanParameters, 11, backward),
    {},
};

}  // namespace pooling
