// SPDX-License-Identifier: Apache-2.0
// Gradients of operators that compute blocks of windows. The input is cut into tiles; a tile's gradients are summed in
// memory of their own, from all windows over the tile in their order, so that no two threads write the same element and
// the result does not depend on their number.
#include "parameter_sums.h"
#include "../lane_shuffles.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

namespace {

template <class Storage>
class BlockBackward {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    BlockBackward(const BlockArrays& arrays, const BlockPlan<Real>& plan, const SumLayouts& layouts,
                  ScratchParts scratch)
        : a_(arrays),
          plan_(plan),
          layouts_(layouts),
          builder_(arrays, plan, true, scratch),
          maps_(1 + arrays.kernels.elements),
          y_gradient_(arrays.further(arrays.kernels.has_index ? 1 : 0)) {
        tile_size_ = plan.tile_rows() * plan.row_size();
        Index lanes = builder_.block_lanes();
        gradient_ = scratch.take<Real>(lanes);
        for (int m = 0; m < maps_; m++) {
            sums_[m] = scratch.take<Real>(tile_size_ + plan.row_size());  // and a row for what lies outside the tile
            incomplete_[m] = scratch.take<Real>(plan.along_channels ? 0 : plan.most_taps * kLanes);
            targets_[m] = scratch.take<Real*>(plan.most_taps);
        }
        for (int i = 0; i < arrays.kernels.parameters; i++) {
            parameter_gradients_[i] = scratch.take<Real>(lanes);
        }
        for (int i = 0; i < arrays.kernels.masks; i++) {
            factors_[i] = scratch.take<Real>(lanes);
        }
        for (int i = 0; i < layouts.count(); i++) {
            lane_sums_[i] = scratch.take<double>((i < arrays.kernels.parameters ? 1 : plan.kernel_taps) * kLanes);
        }
        needed_ = scratch.used();
    }

    size_t needed() const {
        return needed_;
    }

    // One tile of one channel or chunk of channels. totals: the group's sums, or null.
    bool tile(Index batch, Range channels, Range rows, double* totals) {
        const WindowGeometry& g = plan_.g;
        builder_.begin_item();
        rows_ = rows;
        totals_ = totals;
        for (int m = 0; m < maps_; m++) {
            memset(sums_[m], 0, static_cast<size_t>(rows.size() * plan_.row_size()) * sizeof(Real));
        }
        Index slice = g.axes[1].input;
        Range depths = windows_over(g.axes[0], {rows.begin / slice, (rows.end - 1) / slice + 1});
        bool whole = rows.begin % slice == 0 && rows.end % slice == 0;
        Range heights =
            windows_over(g.axes[1], whole ? Range{0, slice} : Range{rows.begin % slice, (rows.end - 1) % slice + 1});
        bool good = true;
        for (Index d = depths.begin; d < depths.end; d++) {
            for (Index h = heights.begin; h < heights.end; h++) {
                if (a_.kernels.has_index) {
                    good &= add_chosen(batch, channels, d, h);
                    continue;
                }
                builder_.row(
                    batch, channels, d, h, [&](const BlockPlace& at) { add_block(at); }, [](const BlockPlace&) {});
            }
        }
        take_lane_sums(channels.begin);
        for (int m = 0; m < maps_; m++) {
            store_tile(m, batch, channels);
        }
        return good;
    }

private:
    BlockArrays a_;
    BlockPlan<Real> plan_;
    SumLayouts layouts_;
    BlockBuilder<Storage> builder_;
    int maps_;
    int y_gradient_;
    Index tile_size_;
    size_t needed_;
    Real* gradient_;
    Real* sums_[1 + kMaximumElements];
    Real* incomplete_[1 + kMaximumElements];
    Real** targets_[1 + kMaximumElements];
    Real* parameter_gradients_[kMaximumFurther];
    Real* factors_[kMaximumFurther];
    double* lane_sums_[2 * kMaximumFurther];  // of parameters, and of masks tap by tap: of each lane
    Range rows_;
    double* totals_;

    int gradient_array(int input) const {
        return y_gradient_ + 1 + input;
    }

    Index lane_stride(int array) const {
        const TensorStrides& s = a_.strides[array];
        return plan_.along_channels ? s.channel : s.axes[2];
    }

    Index offset_in_row(const TapPlace& place) const {
        return plan_.along_channels ? place.width * plan_.pitch : place.offset;
    }

    // Of a tap's row among those of the tile; the row behind them where it lies outside.
    Index sum_offset(const TapPlace& place) const {
        Index row = place.depth * plan_.g.axes[1].input + place.height;
        bool inside = row >= rows_.begin && row < rows_.end;
        return inside ? (row - rows_.begin) * plan_.row_size() : tile_size_;
    }

    void load_gradient(const BlockPlace& at) {
        Index step = lane_stride(y_gradient_);
        const Storage* source =
            static_cast<const Storage*>(a_.addresses[y_gradient_]) +
            element_offset(a_.strides[y_gradient_], at.batch, at.channel, at.output[0], at.output[1], at.output[2]);
        for (Index lane = 0; lane < at.lanes; lane += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
            store_lanes(gradient_ + lane, load_lanes<Vector>(source + lane * step, step, lanes));
        }
    }

    void add_block(const BlockPlace& at) {
        WindowBlock<Real>& block = builder_.block;
        load_gradient(at);
        block.gradient = gradient_;
        // Lanes behind the last one would add to elements of other windows: such a block has memory of its own.
        bool complete = plan_.along_channels || at.lanes % kLanes == 0;
        for (int m = 0; m < maps_; m++) {
            for (Index tap = 0; tap < block.taps; tap++) {
                const TapPlace& place = builder_.places[tap];
                targets_[m][tap] =
                    complete ? sums_[m] + sum_offset(place) + offset_in_row(place) : incomplete_[m] + tap * kLanes;
            }
            block.element_gradients[m] = targets_[m];
            if (!complete) {
                memset(incomplete_[m], 0, static_cast<size_t>(block.taps * kLanes) * sizeof(Real));
            }
        }
        for (int i = 0; i < a_.kernels.parameters; i++) {
            block.parameter_gradients[i] = layouts_.is_wanted(i) ? parameter_gradients_[i] : nullptr;
        }
        for (int i = 0; i < a_.kernels.masks; i++) {
            block.mask_factors[i] = factors_[i];
        }
        a_.kernels.backward(block);
        for (int m = 0; m < maps_ && !complete; m++) {
            for (Index tap = 0; tap < block.taps; tap++) {
                const TapPlace& place = builder_.places[tap];
                Real* target = sums_[m] + sum_offset(place) + offset_in_row(place);
                int lanes = static_cast<int>(at.lanes);
                store_lanes(target, 1, lanes,
                            load_lanes<Vector>(target, 1, lanes) + load_lanes(incomplete_[m] + tap * kLanes));
            }
        }
        if (layouts_.count() > 0 && owns(builder_.places[0])) {
            add_parameters(at);
        }
    }

    // Tiles share windows; a window's parameters belong to the tile of its first row.
    bool owns(const TapPlace& first) const {
        Index row = first.depth * plan_.g.axes[1].input + first.height;
        return row >= rows_.begin && row < rows_.end;
    }

    void add_parameters(const BlockPlace& at) {
        for (int i = 0; i < layouts_.count(); i++) {
            bool mask = i >= a_.kernels.parameters;
            if (layouts_.is_direct(i)) {
                store_parameter(i, at);
            } else if (layouts_.is_summed(i) && mask) {
                add_mask(i, at);
            } else if (layouts_.is_summed(i)) {
                add_parameter(i, at);
            }
        }
    }

    void store_parameter(int i, const BlockPlace& at) {
        int array = layouts_.gradient_array(i);
        Index step = lane_stride(array);
        Storage* target =
            static_cast<Storage*>(a_.addresses[array]) +
            element_offset(a_.strides[array], at.batch, at.channel, at.output[0], at.output[1], at.output[2]);
        for (Index lane = 0; lane < at.lanes; lane++) {
            store(target + lane * step, parameter_gradients_[i][lane]);
        }
    }

    void add_parameter(int i, const BlockPlace& at) {
        const TensorStrides& s = layouts_[i].strides;
        Index step = plan_.along_channels ? s.channel : s.axes[2];
        double* target =
            totals_ + layouts_[i].begin + element_offset(s, 0, at.channel, at.output[0], at.output[1], at.output[2]);
        const Real* values = parameter_gradients_[i];
        if (step > 1) {
            for (Index lane = 0; lane < at.lanes; lane++) {
                target[lane * step] += static_cast<double>(values[lane]);
            }
            return;
        }
        for_each_vector(at.lanes, [&](Index lane, int lanes) {
            Vector of_lanes = load_lanes<Vector>(values + lane, 1, lanes);
            if (step == 0) {
                add_to_lanes(lane_sums_[i], of_lanes);
            } else if (lanes == kLanes) {
                add_to_lanes(target + lane, of_lanes);
            } else {
                for (int j = 0; j < lanes; j++) {
                    target[lane + j] += static_cast<double>(of_lanes[j]);
                }
            }
        });
        if (step == 0 && !is_constant(i)) {
            take_lane_sum(lane_sums_[i], target);
        }
    }

    void add_mask(int i, const BlockPlace& at) {
        const WindowBlock<Real>& block = builder_.block;
        const Index channel_step = layouts_[i].strides.channel;
        const Real* factors = factors_[i - a_.kernels.parameters];
        double* target = totals_ + layouts_[i].begin + at.channel * channel_step;
        bool apart = plan_.along_channels && channel_step != 0;
        for (Index tap = 0; tap < block.taps; tap++) {
            const Real* x = block.elements[0][tap];
            Index number = block.tap_numbers[tap];
            if (apart) {
                for (Index lane = 0; lane < at.lanes; lane++) {
                    target[number + lane * channel_step] += static_cast<double>(factors[lane] * x[lane]);
                }
                continue;
            }
            Vector products = broadcast<Vector>(0);
            for_each_vector(at.lanes, [&](Index lane, int lanes) {
                products += load_lanes<Vector>(factors + lane, 1, lanes) * load_lanes<Vector>(x + lane, 1, lanes);
            });
            add_to_lanes(lane_sums_[i] + number * kLanes, products);
        }
    }

    template <class Function>
    static void for_each_vector(Index count, const Function& function) {
        for (Index lane = 0; lane < count; lane += kLanes) {
            function(lane, static_cast<int>(minimum(kLanes, count - lane)));
        }
    }

    static void add_to_lanes(double* sums, Vector values) {
        typedef double Sums __attribute__((vector_size(kLanes * sizeof(double))));
        Sums total;
        __builtin_memcpy(&total, sums, sizeof total);
        total += __builtin_convertvector(values, Sums);
        __builtin_memcpy(sums, &total, sizeof total);
    }

    static void take_lane_sum(double* sums, double* target) {
        double sum = 0;
        for (Index lane = 0; lane < kLanes; lane++) {
            sum += sums[lane];
            sums[lane] = 0;
        }
        *target += sum;
    }

    // Whether all windows of a tile share a parameter.
    bool is_constant(int i) const {
        const TensorStrides& s = layouts_[i].strides;
        return s.axes[0] == 0 && s.axes[1] == 0 && s.axes[2] == 0 && !(plan_.along_channels && s.channel != 0);
    }

    // What a tile's lanes have summed up goes to the group's sums.
    void take_lane_sums(Index channel) {
        for (int i = 0; i < layouts_.count(); i++) {
            if (!layouts_.is_summed(i)) {
                continue;
            }
            double* target = totals_ + layouts_[i].begin + channel * layouts_[i].strides.channel;
            if (i < a_.kernels.parameters) {
                if (is_constant(i)) {
                    take_lane_sum(lane_sums_[i], target);
                }
            } else if (!(plan_.along_channels && layouts_[i].strides.channel != 0)) {
                for (Index tap = 0; tap < plan_.kernel_taps; tap++) {
                    take_lane_sum(lane_sums_[i] + tap * kLanes, target + tap);
                }
            }
        }
    }

    // The gradient goes to the element that was chosen. False for an index outside the map.
    bool add_chosen(Index batch, Range channels, Index depth, Index height) {
        const WindowGeometry& g = plan_.g;
        int index_array = a_.further(0);
        const TensorStrides& is = a_.strides[index_array];
        const TensorStrides& gs = a_.strides[y_gradient_];
        const Index* index = static_cast<const Index*>(a_.addresses[index_array]) +
                             element_offset(is, batch, channels.begin, depth, height, 0);
        const Storage* gradient = static_cast<const Storage*>(a_.addresses[y_gradient_]) +
                                  element_offset(gs, batch, channels.begin, depth, height, 0);
        const Index positions = plan_.rows() * g.axes[2].input;
        bool good = true;
        const Range rows = rows_;
        const Index width = g.axes[2].input;
        const Index row_size = plan_.row_size();
        const Index pitch = plan_.pitch;
        Real* sums = sums_[0];
        auto add = [&](Index w, Index lane) POOLING_INLINE_LAMBDA {
            Index position = index[w * is.axes[2] + lane * is.channel];
            bool inside = position >= 0 && position < positions;
            good &= inside || position == -1;
            // Numbers of 32 bits are divided faster.
            Index row = !inside                ? -1
                        : positions >> 32 == 0 ? static_cast<UInt32>(position) / static_cast<UInt32>(width)
                                               : position / width;
            if (row < rows.begin || row >= rows.end) {
                return;
            }
            Index column = position - row * width;
            Index offset = pitch != 0 ? column * pitch + lane : builder_.column_offset(column);
            sums[(row - rows.begin) * row_size + offset] += load(gradient + w * gs.axes[2] + lane * gs.channel);
        };
        // Whatever lies side by side comes next.
        if (is.channel < is.axes[2]) {
            for (Index w = 0; w < g.axes[2].output; w++) {
                for (Index lane = 0; lane < channels.size(); lane++) {
                    add(w, lane);
                }
            }
        } else {
            for (Index lane = 0; lane < channels.size(); lane++) {
                for (Index w = 0; w < g.axes[2].output; w++) {
                    add(w, lane);
                }
            }
        }
        return good;
    }

    void store_tile(int map, Index batch, Range channels) const {
        int array = gradient_array(map);
        if (a_.addresses[array] == nullptr) {
            return;
        }
        const WindowGeometry& g = plan_.g;
        for (Index row = rows_.begin; row < rows_.end; row++) {
            Storage* target = static_cast<Storage*>(a_.addresses[array]) +
                              element_offset(a_.strides[array], batch, channels.begin, row / g.axes[1].input,
                                             row % g.axes[1].input, 0);
            const Real* source = sums_[map] + (row - rows_.begin) * plan_.row_size();
            if (plan_.along_channels) {
                store_channels(a_.strides[array], target, source, channels.size());
            } else {
                store_phases(a_.strides[array].axes[2], target, source);
            }
        }
    }

    void store_channels(const TensorStrides& s, Storage* target, const Real* source, Index count) const {
        for (Index w = 0; w < plan_.g.axes[2].input; w++, target += s.axes[2], source += plan_.pitch) {
            for (Index c = 0; c < count; c += kLanes) {
                store_lanes(target + c * s.channel, s.channel, static_cast<int>(minimum(kLanes, count - c)),
                            load_lanes(source + c));
            }
        }
    }

    void store_phases(Index step, Storage* target, const Real* source) const {
        Index columns = plan_.g.axes[2].input;
        Index stride = plan_.g.axes[2].stride;
        if (stride == 2 && step == 1) {
            const Real* odd = source + plan_.phase_size;
            Index pairs = columns / 2;
            for (Index i = 0; i < pairs; i += kLanes) {
                store_lane_pair(target + 2 * i, static_cast<int>(minimum(kLanes, pairs - i)), load_lanes(source + i),
                                load_lanes(odd + i));
            }
            if (columns % 2 != 0) {
                store(target + columns - 1, source[pairs]);
            }
            return;
        }
        for (Index phase = 0; phase < plan_.phases; phase++, source += plan_.phase_size) {
            Index count = ceil_divide(columns - phase, stride);
            for (Index i = 0; i < count; i += kLanes) {
                store_lanes(target + (phase + i * stride) * step, stride * step,
                            static_cast<int>(minimum(kLanes, count - i)), load_lanes(source + i));
            }
        }
    }
};

// Parameters of windows without elements have no gradient, and no block to write it.
template <class Storage>
void clear_direct(const BlockArrays& a, const SumLayouts& layouts) {
    const WindowGeometry& g = a.geometry();
    for (int i = 0; i < layouts.count(); i++) {
        if (!layouts.is_direct(i)) {
            continue;
        }
        int array = layouts.gradient_array(i);
        Storage* target = static_cast<Storage*>(a.addresses[array]);
        for (Index n = 0; n < g.batch * g.channels; n++) {
            for (Index d = 0; d < g.axes[0].output; d++) {
                for (Index h = 0; h < g.axes[1].output; h++) {
                    for (Index w = 0; w < g.axes[2].output; w++) {
                        store(target + element_offset(a.strides[array], n / g.channels, n % g.channels, d, h, w),
                              typename StorageTraits<Storage>::Real(0));
                    }
                }
            }
        }
    }
}

}  // namespace

template <class Storage>
KernelStatus run_blocks_backward(const WindowKernels& kernels, const void* parameters, void* const* addresses) {
    typedef typename StorageTraits<Storage>::Real Real;
    BlockArrays arrays(kernels, parameters, addresses);
    const WindowGeometry& g = arrays.geometry();
    BlockPlan<Real> plan(g, arrays.strides[0], kernels.has_index);
    SumLayouts layouts(arrays);
    clear_direct<Storage>(arrays, layouts);
    size_t size = BlockBackward<Storage>(arrays, plan, layouts, ScratchParts(nullptr)).needed();
    Index tiles = plan.tiles();
    Index items = g.batch * plan.chunks() * tiles;
    Index groups = items;
    double* sums = nullptr;
    if (layouts.total() > 0) {
        groups = maximum(1, minimum(minimum(items, 64), kAccumulatorWords / layouts.total()));
        sums = static_cast<double*>(calloc(static_cast<size_t>(groups * layouts.total()), sizeof(double)));
        if (sums == nullptr) {
            return kOutOfMemory;
        }
    }
    Index work = ceil_divide(items, groups) * plan.tile_rows() * g.axes[2].input * plan.chunk * plan.most_taps;
    bool out_of_memory = false;
    bool bad_index = false;
    parallel_ranges(groups, work, [&](Index begin, Index end) {
        char* memory = static_cast<char*>(calloc(size, 1));
        if (memory == nullptr) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        BlockBackward<Storage> backward(arrays, plan, layouts, ScratchParts(memory));
        for (Index group = begin; group < end; group++) {
            double* totals = sums == nullptr ? nullptr : sums + group * layouts.total();
            for (Index item = items * group / groups; item < items * (group + 1) / groups; item++) {
                Index plane = item / tiles;
                Index channel = plane % plan.chunks() * plan.chunk;
                bool good = backward.tile(plane / plan.chunks(), {channel, minimum(g.channels, channel + plan.chunk)},
                                          plan.tile(item % tiles), totals);
                if (!good) {
                    bad_index = true;
                }
            }
        }
        free(memory);
    });
    if (!out_of_memory && sums != nullptr) {
        layouts.store_sums<Storage>(sums, groups);
    }
    free(sums);
    return out_of_memory ? kOutOfMemory : bad_index ? kBadIndex : kSuccess;
}

template KernelStatus run_blocks_backward<float>(const WindowKernels&, const void*, void* const*);
#if !defined(POOLING_FLOAT_ALONE)
template KernelStatus run_blocks_backward<double>(const WindowKernels&, const void*, void* const*);
template KernelStatus run_blocks_backward<Half>(const WindowKernels&, const void*, void* const*);
template KernelStatus run_blocks_backward<BFloat16>(const WindowKernels&, const void*, void* const*);
#endif

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
