// SPDX-License-Identifier: Apache-2.0
// Work is cut by images, blocks of channels and rows of windows; positions of a window are worked out once for all
// channels of a block.
#include "../kernels/deformable_average_pool.h"

#include "channel_block.h"
#include "kernel_table.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

constexpr Index kBlockChannels = 64;
constexpr Index kLeastItems = 16;  // of work, where there are rows enough

// Corner of a sample: where it stands in a block, and its part in the result.
template <class Real>
struct Corner {
    Index offset;
    Real weight;
};

// An image, channels of one group, and rows of windows.
struct Item {
    Index batch;
    Index group;
    Range channels;
    Range windows;  // rows of them
};

// How the work is cut; depends on the geometry alone.
struct Cut {
    const DeformableParameters& p;
    Index width;   // channels of a block
    Index blocks;  // of a group
    Index parts;   // of the rows

    Cut(const DeformableParameters& parameters, Index channels_of_block, bool cuts_rows)
        : p(parameters), width(minimum(p.group_channels(), channels_of_block)) {
        blocks = ceil_divide(p.group_channels(), width);
        Index whole = p.geometry.batch * p.groups * blocks;
        parts = cuts_rows ? minimum(p.rows().output, ceil_divide(kLeastItems, whole)) : 1;
    }

    Index items() const {
        return p.geometry.batch * p.groups * blocks * parts;
    }

    Index work() const {
        return p.rows().output * p.columns().output * p.kernel_size() * 4 * width / parts + 1;
    }

    Item item(Index number) const {
        Index part = number % parts;
        Index block = number / parts % blocks;
        Index group = number / parts / blocks % p.groups;
        Index first = group * p.group_channels();
        Index end = first + p.group_channels();
        Index begin = first + block * width;
        Index rows = p.rows().output;
        return {number / parts / blocks / p.groups,
                group,
                {begin, minimum(end, begin + width)},
                {rows * part / parts, rows * (part + 1) / parts}};
    }
};

template <class Storage>
class Deformable {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    const DeformableParameters& p_;
    const Storage* x_;
    const Storage* offset_;
    const Storage* mask_;
    void* const* results_;  // y, or its gradient and the gradients to compute

public:
    Deformable(const void* parameters, void* const* arrays)
        : p_(*static_cast<const DeformableParameters*>(parameters)),
          x_(static_cast<const Storage*>(arrays[0])),
          offset_(static_cast<const Storage*>(arrays[1])),
          mask_(static_cast<const Storage*>(arrays[2])),
          results_(arrays + 3) {}

    KernelStatus forward() const {
        Cut cut(p_, kBlockChannels, true);
        return for_each_item(cut, p_.rows().input, [&](const Item& item, Block& block, Corner<Real>* corners) {
            DeformedWindows<Storage> windows = windows_of(item);
            block.read(x_, p_.x, item.batch, item.channels, rows_of(windows, item.windows));
            Storage* y = static_cast<Storage*>(results_[0]);
            for_each_window(item, [&](Index oy, Index ox) {
                Index count = corners_of(windows, block, oy, ox, corners);
                Storage* target = y + place_in(p_.y, item.batch, item.channels.begin, oy, ox);
                for (Index c = 0; c < item.channels.size(); c += kLanes) {
                    const Real* from = block.elements() + c;
                    Vector sum = broadcast<Vector>(0);
                    for (Index i = 0; i < count; i++) {
                        sum += load_lanes(from + corners[i].offset) * corners[i].weight;
                    }
                    store_lanes(target + c * p_.y.channel, p_.y.channel, Block::lanes(item.channels, c), sum);
                }
            });
        });
    }

    KernelStatus backward() const {
        KernelStatus status = x_gradient();
        return status == kSuccess ? offset_gradient() : status;
    }

private:
    typedef ChannelBlock<Storage> Block;

    DeformedWindows<Storage> windows_of(const Item& item) const {
        return {p_, offset_, mask_, item.batch, item.group};
    }

    template <class Body>
    void for_each_window(const Item& item, const Body& body) const {
        for (Index oy = item.windows.begin; oy < item.windows.end; oy++) {
            for (Index ox = 0; ox < p_.columns().output; ox++) {
                body(oy, ox);
            }
        }
    }

    // body(item, block, corners), the last two being memory of the thread.
    template <class Body>
    KernelStatus for_each_item(const Cut& cut, Index rows, const Body& body) const {
        bool out_of_memory = false;
        parallel_ranges(cut.items(), cut.work(), [&](Index begin, Index end) {
            Block block(rows, p_.columns().input, cut.width);
            Scratch<Corner<Real>> corners(4 * p_.kernel_size());
            if (!block || !corners) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                body(cut.item(i), block, corners.get());
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Rows of the map that some windows read.
    Range rows_of(const DeformedWindows<Storage>& windows, Range window_rows) const {
        Range rows = {p_.rows().input, 0};
        for (Index oy = window_rows.begin; oy < window_rows.end; oy++) {
            for (Index ox = 0; ox < p_.columns().output; ox++) {
                for (Index tap = 0; tap < p_.kernel_size(); tap++) {
                    ZeroSample row = windows.sample(oy, ox, tap).row;
                    if (row.is_inside()) {
                        rows.begin = minimum(rows.begin, maximum(row.low, 0));
                        rows.end = maximum(rows.end, minimum(row.low + 2, p_.rows().input));
                    }
                }
            }
        }
        return {minimum(rows.begin, rows.end), rows.end};
    }

    // Corners that have a part in the result.
    Index corners_of(const DeformedWindows<Storage>& windows, const Block& block, Index oy, Index ox,
                     Corner<Real>* corners) const {
        double share = windows.share(oy, ox);
        Index count = 0;
        for (Index tap = 0; tap < p_.kernel_size(); tap++) {
            DeformedSample s = windows.sample(oy, ox, tap);
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    double weight = s.row.weight[i] * s.column.weight[j] * share;
                    weight = part(weight, s.mask);
                    if (weight != 0) {
                        corners[count++] = {block.offset(s.row.low + i, s.column.low + j),
                                            static_cast<Real>(weight)};
                    }
                }
            }
        }
        return count;
    }

    // Every item owns its channels and adds windows up in their order.
    KernelStatus x_gradient() const {
        Index images = p_.geometry.batch * p_.groups * ceil_divide(p_.group_channels(), kBlockChannels);
        Cut cut(p_, images < kLeastItems ? kLanes : kBlockChannels, false);
        return for_each_item(cut, p_.rows().input, [&](const Item& item, Block& block, Corner<Real>* corners) {
            DeformedWindows<Storage> windows = windows_of(item);
            block.clear(item.channels, p_.rows().input);
            const Storage* y = static_cast<const Storage*>(results_[0]);
            for_each_window(item, [&](Index oy, Index ox) {
                Index count = corners_of(windows, block, oy, ox, corners);
                const Storage* from = y + place_in(p_.y, item.batch, item.channels.begin, oy, ox);
                for (Index c = 0; c < item.channels.size(); c += kLanes) {
                    Vector gradient = load_lanes<Vector>(from + c * p_.y.channel, p_.y.channel,
                                                         Block::lanes(item.channels, c));
                    Real* to = block.sums() + c;
                    for (Index i = 0; i < count; i++) {
                        Real* place = to + corners[i].offset;
                        store_lanes(place, load_lanes(place) + gradient * corners[i].weight);
                    }
                }
            });
            block.write(static_cast<Storage*>(results_[1]), p_.x_gradient, item.batch, item.channels,
                        p_.rows().input);
        });
    }

    // Every item owns rows of windows and adds the channels up in their order, in double.
    KernelStatus offset_gradient() const {
        Cut cut(p_, p_.group_channels(), true);
        Index width = minimum(p_.group_channels(), kBlockChannels);
        Index rows = ceil_divide(p_.rows().output, cut.parts);
        bool out_of_memory = false;
        parallel_ranges(cut.items(), cut.work(), [&](Index begin, Index end) {
            Block block(p_.rows().input, p_.columns().input, width);
            Scratch<Real> gradients(Block::up(width));
            Scratch<double> sums(3 * p_.kernel_size() * rows * p_.columns().output);
            if (!block || !gradients || !sums) {
                out_of_memory = true;
                return;
            }
            for (Index i = begin; i < end; i++) {
                Item item = cut.item(i);
                Range read = rows_of(windows_of(item), item.windows);
                Range channels = item.channels;
                for (Index c = channels.begin; c < channels.end; c += width) {
                    item.channels = {c, minimum(channels.end, c + width)};
                    block.read(x_, p_.x, item.batch, item.channels, read);
                    add_block(item, block, c == channels.begin, gradients.get(), sums.get());
                }
                store_sums(item, sums.get());
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    void add_block(const Item& item, const Block& block, bool is_first, Real* gradients, double* sums) const {
        DeformedWindows<Storage> windows = windows_of(item);
        const Storage* y = static_cast<const Storage*>(results_[0]);
        for_each_window(item, [&](Index oy, Index ox) {
            const Storage* from = y + place_in(p_.y, item.batch, item.channels.begin, oy, ox);
            for (Index v = 0; v < block.vectors(); v++) {
                store_lanes(gradients + v * kLanes,
                            load_lanes<Vector>(from + v * kLanes * p_.y.channel, p_.y.channel,
                                               Block::lanes(item.channels, v * kLanes)));
            }
            double share = windows.share(oy, ox);
            for (Index tap = 0; tap < p_.kernel_size(); tap++, sums += 3) {
                SampleGradient sample = gradient_of(windows.sample(oy, ox, tap), block, gradients, share);
                sums[0] = (is_first ? 0 : sums[0]) + sample.by_row;
                sums[1] = (is_first ? 0 : sums[1]) + sample.by_column;
                sums[2] = (is_first ? 0 : sums[2]) + sample.by_mask;
            }
        });
    }

    SampleGradient gradient_of(const DeformedSample& s, const Block& block, const Real* gradients,
                               double share) const {
        double corner_sums[2][2] = {{0, 0}, {0, 0}};
        for (int i = 0; i < 2 && s.is_inside(); i++) {
            for (int j = 0; j < 2; j++) {
                if (s.row.slope[i] != 0 && s.column.slope[j] != 0) {
                    const Real* from = block.elements() + block.offset(s.row.low + i, s.column.low + j);
                    Vector sum = broadcast<Vector>(0);
                    for (Index v = 0; v < block.vectors(); v++) {
                        sum += load_lanes(from + v * kLanes) * load_lanes(gradients + v * kLanes);
                    }
                    corner_sums[i][j] = total(sum);
                }
            }
        }
        return SampleGradient(s, corner_sums, share);
    }

    static double total(Vector v) {
        double sum = 0;
        for (Index lane = 0; lane < kLanes; lane++) {
            sum += static_cast<double>(v[lane]);
        }
        return sum;
    }

    void store_sums(const Item& item, const double* sums) const {
        Storage* offsets = static_cast<Storage*>(results_[2]);
        Storage* masks = static_cast<Storage*>(results_[3]);
        for_each_window(item, [&](Index oy, Index ox) {
            for (Index tap = 0; tap < p_.kernel_size(); tap++, sums += 3) {
                Index channel = item.group * p_.kernel_size() + tap;
                Storage* target = offsets + place_in(p_.offset_gradient, item.batch, 2 * channel, oy, ox);
                store(target, static_cast<Real>(sums[0]));
                store(target + p_.offset_gradient.channel, static_cast<Real>(sums[1]));
                if (masks != nullptr) {
                    store(masks + place_in(p_.mask_gradient, item.batch, channel, oy, ox), static_cast<Real>(sums[2]));
                }
            }
        });
    }
};

template <class Storage>
KernelStatus deformable_forward(const void* parameters, void* const* arrays) {
    return Deformable<Storage>(parameters, arrays).forward();
}

template <class Storage>
KernelStatus deformable_backward(const void* parameters, void* const* arrays) {
    return Deformable<Storage>(parameters, arrays).backward();
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(deformable_average_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(deformable_average_pool)[] = {
    POOLING_KERNEL("deformable_average_pool_forward", DeformableParameters, 4, deformable_forward),
    POOLING_KERNEL("deformable_average_pool_backward", DeformableParameters, 7, deformable_backward),
    {},
};
}  // namespace pooling
