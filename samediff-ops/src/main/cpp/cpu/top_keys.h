// SPDX-License-Identifier: Apache-2.0
// The keys of a map of one channel, side by side: they are read many times.
#pragma once

#include "../core/storage.h"
#include "../kernels/top_elements.h"
#include "kernel_table.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class TopKeys {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename RealTraits<Real>::Bits Bits;

    explicit TopKeys(Index count) : count_(count), keys_(count) {}

    explicit operator bool() const {
        return static_cast<bool>(keys_);
    }

    // offset(i): where the element stands; takes_part(i)
    template <class Offset, class TakesPart>
    TopThreshold<Bits> read(const Storage* plane, Index k, const Offset& offset, const TakesPart& takes_part) {
        Bits* keys = keys_.get();
        for (Index i = 0; i < count_; i++) {
            keys[i] = takes_part(i) ? order_key(load(plane + offset(i))) : 0;
        }
        return top_threshold<Bits>([keys](Index i) { return keys[i]; }, count_, k);
    }

    POOLING_FUNCTION Bits operator[](Index i) const {
        return keys_.get()[i];
    }

private:
    Index count_;
    Scratch<Bits> keys_;
};

// Calls function(keys, batch, channel) for every map of one channel.
template <class Storage, class Function>
KernelStatus for_each_plane(const TopElementsHeader& p, const Function& function) {
    constexpr Index kPasses = 8;  // over the keys, about
    const Index count = p.size[0] * p.size[1] * p.size[2];
    bool out_of_memory = false;
    parallel_ranges(p.batch * p.channels, kPasses * count, [&](Index begin, Index end) {
        TopKeys<Storage> keys(count);
        if (!keys) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        for (Index plane = begin; plane < end; plane++) {
            function(keys, plane / p.channels, plane % p.channels);
        }
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
