// SPDX-License-Identifier: Apache-2.0
// Vectors run along the places of a row; where the channels lie side by side, along the channels of a place.
#include "../kernels/channel_pool.h"

#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
class ChannelPool {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;

    ChannelPool(const void* parameters, void* const* arrays)
        : p_(*static_cast<const ChannelPoolParameters*>(parameters)), x_(static_cast<const Storage*>(arrays[0])) {}

    KernelStatus forward(Storage* y) const {
        for_each_row([&](const MapRow& row) {
            const Storage* from = x_ + row.offset(p_.x);
            Storage* to = y + row.offset(p_.y);
            if (along_channels()) {
                for (Index i = 0; i < p_.input[2]; i++) {
                    const Storage* place = from + i * p_.x.axes[2];
                    write(to + i * p_.y.axes[2], place, place_result(place));
                }
                return;
            }
            for_each_vector<Vector>(p_.input[2], [&](Index i, int count) {
                const Storage* places = from + i * p_.x.axes[2];
                ChannelResult<Vector> result = row_result(places, count);
                for (int lane = 0; lane < count; lane++) {
                    write(to + (i + lane) * p_.y.axes[2], places + lane * p_.x.axes[2],
                          {{result.largest.value[lane], result.largest.place[lane]}, result.sum[lane]});
                }
            });
        });
        return kSuccess;
    }

    KernelStatus backward(const Storage* y_gradient, Storage* x_gradient) const {
        Real channels = static_cast<Real>(p_.channels);
        const TensorStrides& s = p_.x_gradient;
        for_each_row([&](const MapRow& row) {
            const Storage* from = x_ + row.offset(p_.x);
            const Storage* gradient = y_gradient + row.offset(p_.y);
            Storage* to = x_gradient + row.offset(s);
            if (along_channels()) {
                for (Index i = 0; i < p_.input[2]; i++) {
                    Index chosen = static_cast<Index>(place_result(from + i * p_.x.axes[2]).largest.place);
                    Real of_largest = load(gradient + i * p_.y.axes[2]);
                    Real share = load(gradient + i * p_.y.axes[2] + p_.y.channel) / channels;
                    Storage* target = to + i * s.axes[2];
                    for_each_vector<Vector>(p_.channels, [&](Index c, int count) {
                        store_lanes(target + c * s.channel, s.channel, count, broadcast<Vector>(share));
                    });
                    store(target + chosen * s.channel, share + of_largest);
                }
                return;
            }
            for_each_vector<Vector>(p_.input[2], [&](Index i, int count) {
                Places chosen = row_result(from + i * p_.x.axes[2], count).largest.place;
                const Storage* gradients = gradient + i * p_.y.axes[2];
                Vector of_largest = load_lanes<Vector>(gradients, p_.y.axes[2], count);
                Vector share = load_lanes<Vector>(gradients + p_.y.channel, p_.y.axes[2], count) / channels;
                for (Index c = 0; c < p_.channels; c++) {
                    Vector result = chosen == Places{} + static_cast<Place>(c) ? share + of_largest : share;
                    store_lanes(to + c * s.channel + i * s.axes[2], s.axes[2], count, result);
                }
            });
        });
        return kSuccess;
    }

private:
    const ChannelPoolParameters& p_;
    const Storage* x_;

    bool along_channels() const {
        return MapView{p_.batch, p_.channels, p_.input, p_.x}.channels_last();
    }

    template <class Function>
    void for_each_row(const Function& function) const {
        parallel_ranges(p_.batch * p_.input[0] * p_.input[1], p_.input[2] * p_.channels, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                function(MapRow(p_.input, 1, i));
            }
        });
    }

    ChannelResult<Vector> row_result(const Storage* x, int count) const {
        auto result = ChannelResult<Vector>::first(load_lanes<Vector>(x, p_.x.axes[2], count));
        for (Index c = 1; c < p_.channels; c++) {
            result.take(load_lanes<Vector>(x + c * p_.x.channel, p_.x.axes[2], count), c);
        }
        return result;
    }

    // x: a place whose channels lie side by side.
    ChannelResult<Real> place_result(const Storage* x) const {
        constexpr Index kLanes = lane_count<Vector>();
        Index whole = p_.channels / kLanes * kLanes;
        auto result = ChannelResult<Real>::first(load(x));
        if (whole > 0) {
            auto vectors = ChannelResult<Vector>::first(load_lanes(x));
            for (Index c = kLanes; c < whole; c += kLanes) {
                vectors.take(load_lanes(x + c), c);
            }
            result = {{vectors.largest.value[0], vectors.largest.place[0]}, vectors.sum[0]};
            for (int lane = 1; lane < kLanes; lane++) {
                result.largest.take_unordered(vectors.largest.value[lane],
                                              vectors.largest.place[lane] + static_cast<Place>(lane));
                result.sum += vectors.sum[lane];
            }
        }
        for (Index c = maximum(whole, 1); c < p_.channels; c++) {
            result.take(load(x + c), c);
        }
        return result;
    }

    void write(Storage* y, const Storage* x, const ChannelResult<Real>& result) const {
        Real mean = result.sum / static_cast<Real>(p_.channels);
        if (!is_finite(result.sum)) {
            mean = halved_channel_mean<Real>(p_.channels, [&](Index c) { return load(x + c * p_.x.channel); });
        }
        store(y, result.largest.value);
        store(y + p_.y.channel, mean);
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return ChannelPool<Storage>(parameters, arrays).forward(static_cast<Storage*>(arrays[1]));
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    return ChannelPool<Storage>(parameters, arrays)
        .backward(static_cast<const Storage*>(arrays[1]), static_cast<Storage*>(arrays[2]));
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(channel_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(channel_pool)[] = {
    POOLING_KERNEL("channel_pool_forward", ChannelPoolParameters, 2, forward),
    POOLING_KERNEL("channel_pool_backward", ChannelPoolParameters, 3, backward),
    {},
};

}  // namespace pooling
