// SPDX-License-Identifier: Apache-2.0
#include "../kernels/sparse_site_pool.h"

#include "kernel_table.h"
#include "lanes.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
class Sites {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        const auto& p = *static_cast<const SiteParameters*>(parameters);
        const Index* first = static_cast<const Index*>(arrays[1]);
        parallel_ranges(p.rows, 8 * p.channels, [&](Index begin, Index end) {
            for (Index row = begin; row < end; row++) {
                const Index* members = static_cast<const Index*>(arrays[2]) + first[row];
                Index count = first[row + 1] - first[row];
                for (Index channel = 0; channel < p.channels; channel += kLanes) {
                    if (p.average != 0) {
                        mean(p, arrays, row, members, count, channel);
                    } else {
                        largest(p, arrays, row, members, count, channel);
                    }
                }
            }
        });
        return kSuccess;
    }

    static KernelStatus backward(const void* parameters, void* const* arrays) {
        const auto& p = *static_cast<const SiteGradientParameters*>(parameters);
        const Index* first = static_cast<const Index*>(arrays[3]);
        parallel_ranges(p.rows, 4 * p.channels, [&](Index begin, Index end) {
            for (Index row = begin; row < end; row++) {
                for (Index channel = 0; channel < p.channels; channel += kLanes) {
                    gradient(p, arrays, row, {first[row], first[row + 1]}, channel);
                }
            }
        });
        return kSuccess;
    }

private:
    struct Results {
        Index begin;
        Index end;
    };

    static int lanes_at(Index channel, Index channels) {
        return static_cast<int>(channels - channel < kLanes ? channels - channel : kLanes);
    }

    static Vector load_row(const void* array, const RowStrides& s, Index row, Index channel, int lanes) {
        const Storage* p = static_cast<const Storage*>(array) + row * s.row + channel * s.channel;
        return load_lanes<Vector>(p, s.channel, lanes);
    }

    static void store_row(void* array, const RowStrides& s, Index row, Index channel, int lanes, Vector value) {
        store_lanes(static_cast<Storage*>(array) + row * s.row + channel * s.channel, s.channel, lanes, value);
    }

    // Each term is divided, so that the mean of the largest numbers is finite.
    static void mean(const SiteParameters& p, void* const* arrays, Index row, const Index* members, Index count,
                     Index channel) {
        int lanes = lanes_at(channel, p.channels);
        const Real share = Real(1) / static_cast<Real>(count);
        Vector sum = broadcast<Vector>(0);
        for (Index i = 0; i < count; i++) {
            sum += load_row(arrays[0], p.x, members[i], channel, lanes) * share;
        }
        store_row(arrays[3], p.y, row, channel, lanes, sum);
    }

    static void largest(const SiteParameters& p, void* const* arrays, Index row, const Index* members, Index count,
                        Index channel) {
        int lanes = lanes_at(channel, p.channels);
        LargestMember<Vector> m = {load_row(arrays[0], p.x, members[0], channel, lanes), broadcast<Vector>(0)};
        for (Index i = 1; i < count; i++) {
            m.take(load_row(arrays[0], p.x, members[i], channel, lanes), i);
        }
        store_row(arrays[3], p.y, row, channel, lanes, m.value);
        Real numbers[kLanes];
        store_unaligned(numbers, m.number);
        Index* index = static_cast<Index*>(arrays[4]) + row * p.index.row + channel * p.index.channel;
        for (int lane = 0; lane < lanes; lane++) {
            index[lane * p.index.channel] = members[static_cast<Index>(numbers[lane])];
        }
    }

    static void gradient(const SiteGradientParameters& p, void* const* arrays, Index row, Results results,
                         Index channel) {
        const Index* first = static_cast<const Index*>(arrays[2]);
        const Index* numbers = static_cast<const Index*>(arrays[4]);
        int lanes = lanes_at(channel, p.channels);
        Vector sum = broadcast<Vector>(0);
        for (Index i = results.begin; i < results.end; i++) {
            Index result = numbers[i];
            Vector of_result = load_row(arrays[0], p.y_gradient, result, channel, lanes);
            if (p.average != 0) {
                sum += of_result * (Real(1) / static_cast<Real>(first[result + 1] - first[result]));
                continue;
            }
            const Index* index =
                static_cast<const Index*>(arrays[1]) + result * p.index.row + channel * p.index.channel;
            Real chosen[kLanes] = {};
            for (int lane = 0; lane < lanes; lane++) {
                chosen[lane] = index[lane * p.index.channel] == row ? Real(1) : Real(0);
            }
            sum += load_unaligned<Vector>(chosen) > Real(0) ? of_result : broadcast<Vector>(0);
        }
        store_row(arrays[5], p.x_gradient, row, channel, lanes, sum);
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return Sites<Storage>::forward(parameters, arrays);
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    return Sites<Storage>::backward(parameters, arrays);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(sparse_site_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(sparse_site_pool)[] = {
    POOLING_KERNEL("sparse_site_pool_forward", SiteParameters, 5, forward),
    POOLING_KERNEL("sparse_site_pool_backward", SiteGradientParameters, 6, backward),
    {},
};

}  // namespace pooling
