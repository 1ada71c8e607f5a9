// SPDX-License-Identifier: Apache-2.0
#include "../kernels/max_unpool.h"
#include "vector_access.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Passes: each element of the input claims its place in the output, where the last one wins; then every element of what
// is written looks whether, and by which element, its place is claimed; or groups of those of the output do.
template <bool Backward>
struct MaximumUnpool {
    template <class Storage>
    struct Of {
        typedef UnpoolParameters Parameters;
        static constexpr int kArrays = 3;
        static constexpr int kPasses = Backward ? 2 : 3;
        static constexpr int kGroup = kNeighbours<Storage>;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const UnpoolParameters& p = request.parameters;
            Index planes = p.batch * p.channels;
            Index inputs = planes * positions_of(p.input);
            Index outputs = planes * positions_of(p.output);
            plan.scratch = outputs * (has_wide_claims(p) ? Index(sizeof(UInt64)) : Index(sizeof(UInt32)));
            plan.zeroed = plan.scratch;
            plan.wide = is_wide(inputs) || is_wide(outputs);
            plan.threads[0] = inputs;
            bool along_channels = has_channels_last_output(p);
            bool grouped = !Backward && (along_channels ? p.channels : p.output[2]) % kGroup == 0 &&
                           is_grouped<Storage, kGroup>(request.addresses[2], p.to, along_channels);
            plan.threads[grouped ? 2 : 1] = Backward ? inputs : outputs / (grouped ? kGroup : 1);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            if (has_wide_claims(p)) {
                run_claims<Pass>(p, arrays, reinterpret_cast<UInt64*>(scratch), thread);
            } else {
                run_claims<Pass>(p, arrays, reinterpret_cast<UInt32*>(scratch), thread);
            }
        }

    private:
        // A claim is the number of an element in its plane and one: 0 stands for none.
        POOLING_FUNCTION static bool has_wide_claims(const UnpoolParameters& p) {
            return is_wide(positions_of(p.input));
        }

        POOLING_FUNCTION static bool has_channels_last_output(const UnpoolParameters& p) {
            return has_channels_last(Backward ? p.from : p.to);
        }

        // Where a position of the output is claimed; negative where there is none such.
        POOLING_DEVICE static Index claim_at(const UnpoolParameters& p, const MapPlace& at, Index position) {
            Index positions = positions_of(p.output);
            return position < 0 || position >= positions ? -1
                                                         : number_in_planes(at.batch, at.channel, p.channels, position,
                                                                            positions, has_channels_last_output(p));
        }

        template <int Pass, class Claim>
        POOLING_DEVICE static void run_claims(const UnpoolParameters& p, const GpuArrays& arrays, Claim* claims,
                                              Index thread) {
            const Storage* from = arrays.at<const Storage>(0);
            Storage* to = arrays.at<Storage>(2);
            if constexpr (Pass > 0 && !Backward) {
                constexpr int kCount = Pass == 2 ? kGroup : 1;
                bool channels_last = has_channels_last_output(p);
                MapPlace first = MapPlace::of(
                    thread, p.channels, [&](int a) { return p.output[a]; }, channels_last, kCount);
                Storage values[kCount] = {};
                unrolled<kCount>([&](int i) {
                    MapPlace at = first.neighbour(i, channels_last);
                    Index claim = static_cast<Index>(claims[thread * kCount + i]);
                    if (claim > 0) {
                        values[i] = from[at.batch * p.from.batch + at.channel * p.from.channel +
                                         offset_of_position(claim - 1, p.input, p.from)];
                    }
                });
                store_neighbours(to + first.offset(p.to), values);
                return;
            } else {
                const TensorStrides& side = Backward && Pass == 1 ? p.to : p.index;
                MapPlace at = MapPlace::of(
                    thread, p.channels, [&](int a) { return p.input[a]; }, has_channels_last(side));
                Index position = arrays.at<const Index>(1)[at.offset(p.index)];
                Index place = claim_at(p, at, position);
                Claim claim = static_cast<Claim>(position_in(p.input, at.axes) + 1);
                if constexpr (Pass == 0) {
                    if (place >= 0) {
                        atomic_maximum(claims + place, claim);
                    }
                } else {
                    Storage value = {};
                    if (place >= 0 && claims[place] == claim) {
                        value = from[at.batch * p.from.batch + at.channel * p.from.channel +
                                     offset_of_position(position, p.output, p.from)];
                    }
                    to[at.offset(p.to)] = value;
                }
            }
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(max_unpool, max_unpool_forward, pooling::MaximumUnpool<false>, 3)
POOLING_GPU_KERNEL(max_unpool, max_unpool_backward, pooling::MaximumUnpool<true>, 2)
