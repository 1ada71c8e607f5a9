// SPDX-License-Identifier: Apache-2.0
// Kernels of region operators. A thread computes one cell for some channels; the gradient of the map is scattered.
//
// What an operator's cells look like is in a class Cells<Storage> with
//     kBlock                                       channels of a thread
//     Cells(parameters, scratch)                   takes memory for what all channels of a cell share,
//     builders()                                   which so many threads fill in
//     build(parameters, arrays, thread)
//     forward<kRest>(parameters, arrays, block)    writes the results of a CellBlock or GroupedBlock
//     backward<kRest>(parameters, arrays, block, add)
//                                                  calls add(channel of the block, row, column, gradient)
// has_rest(parameters): forward and backward may leave out blocks, and do these when they are called once more, with
// kRest. Rare cases so need no registers of the others.
#pragma once

#include "../kernels/region_sampling.h"
#include "scatter_sums.cuh"
#include "vector_access.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Neighbouring threads take neighbours in memory: channels where they lie next to each other, else columns.
POOLING_FUNCTION bool has_channels_last(const RegionParameters& p) {
    return p.input.channel == 1 && p.channels > 1;
}

POOLING_FUNCTION Index size_of_maps(const RegionParameters& p) {
    return p.images * p.channels * p.height * p.width;
}

POOLING_FUNCTION Index cells_of(const RegionParameters& p) {
    return p.boxes * p.rows * p.columns;
}

POOLING_FUNCTION Index size_of_regions(const RegionParameters& p) {
    return cells_of(p) * p.output_channels;
}

POOLING_FUNCTION Index ceil_of_parts(Index size, Index part) {
    return quotient(size + part - 1, part);
}

// Some output channels of a cell, which share its offsets: first, first + step, ... Neighbouring threads take
// neighbouring channels; or a thread takes a group of neighbours, which it reads at once.
struct CellBlock {
    int box;     // its number in this launch
    int region;  // its number in the output
    int image;
    int offset_class;
    int row;
    int column;
    int part;  // which of its class's blocks it is
    int first;
    int step;
    int count;

    POOLING_FUNCTION static Index blocks_of_class(const RegionParameters& p, int size) {
        return ceil_of_parts(quotient(p.output_channels, p.classes), size);
    }

    POOLING_FUNCTION static Index blocks(const RegionParameters& p, int size) {
        return cells_of(p) * p.classes * blocks_of_class(p, size);
    }

    POOLING_DEVICE static CellBlock of(Index thread, const RegionParameters& p, const GpuArrays& arrays, int size,
                                       bool grouped = false) {
        int of_class = static_cast<int>(quotient(p.output_channels, p.classes));
        int blocks = static_cast<int>(ceil_of_parts(of_class, size));
        bool along_channels = has_channels_last(p) && p.groups() == 1;
        CellBlock b;
        b.part = 0;
        if (along_channels) {
            b.part = static_cast<int>(take_last(thread, blocks));
        }
        b.column = static_cast<int>(take_last(thread, p.columns));
        b.row = static_cast<int>(take_last(thread, p.rows));
        if (!along_channels) {
            b.part = static_cast<int>(take_last(thread, blocks));
        }
        b.offset_class = static_cast<int>(take_last(thread, p.classes));
        b.box = static_cast<int>(thread);
        bool interleaved = along_channels && !grouped;
        int start = interleaved ? b.part : b.part * size;
        b.step = interleaved ? blocks : 1;
        b.first = b.offset_class * of_class + start;
        b.count = static_cast<int>(minimum(size, ceil_of_parts(of_class - start, b.step)));
        const RegionBox& record = arrays.at<const RegionBox>(kBoxes)[b.box];
        b.region = static_cast<int>(record.output);
        b.image = static_cast<int>(record.image);
        return b;
    }

    POOLING_DEVICE int channel(int i) const {
        return first + i * step;
    }

    // Beyond the last channel, the last one.
    POOLING_DEVICE Index input_channel(const RegionParameters& p, int i) const {
        return channel(i < count ? i : count - 1) * p.groups() + p.group(row, column);
    }

    // The elements of its channels at a place; offsets: of the channels.
    template <class Storage, class Real, int Size>
    POOLING_DEVICE static void load_channels(const Storage* place, const Index (&offsets)[Size], Real (&to)[Size]) {
        unrolled<Size>([&](int i) { to[i] = load(place + offsets[i]); });
    }

    // Results of its channels.
    template <class Storage, class Real, int Size>
    POOLING_DEVICE void store_channels(Storage* array, const MapStrides& strides, const Real (&results)[Size]) const {
        unrolled<Size>([&](int i) {
            if (i < count) {
                store(array + at(strides, i), results[i]);
            }
        });
    }

    // Number of the cell and its class of offsets.
    POOLING_DEVICE Index number(const RegionParameters& p) const {
        return ((box * p.classes + offset_class) * p.rows + row) * p.columns + column;
    }

    POOLING_DEVICE Index at(const MapStrides& strides, int i) const {
        return strides.at(region, channel(i), row, column);
    }
};

// A group of channels of input and output.
struct GroupedBlock : CellBlock {
    template <class Storage, int Size>
    static bool are_possible(const RegionParameters& p, const Index* addresses) {
        return Size > 1 && has_channels_last(p) && p.groups() == 1 && p.output_channels / p.classes % Size == 0 &&
               is_grouped_map<Storage, Size>(addresses[kInput], p.input) &&
               is_grouped_map<Storage, Size>(addresses[kOutput], p.output);
    }

    template <class Storage, class Real, int Size>
    POOLING_DEVICE static void load_channels(const Storage* place, const Index (&offsets)[Size], Real (&to)[Size]) {
        Storage elements[Size];
        load_neighbours(place + offsets[0], elements);
        unrolled<Size>([&](int i) { to[i] = load(elements + i); });
    }

    template <class Storage, class Real, int Size>
    POOLING_DEVICE void store_channels(Storage* array, const MapStrides& strides, const Real (&results)[Size]) const {
        Storage elements[Size];
        unrolled<Size>([&](int i) { store(elements + i, results[i]); });
        store_neighbours(array + at(strides, 0), elements);
    }

private:
    template <class Storage, int Size>
    static bool is_grouped_map(Index address, const MapStrides& s) {
        return s.channel == 1 && is_grouped<Storage, Size>(address, s.batch | s.row | s.column);
    }
};

// Elements of the maps in the order in which their gradients are added up: that of the maps.
struct MapOrder {
    Index channel;
    Index row;
    Index column;
    Index image;

    POOLING_DEVICE explicit MapOrder(const RegionParameters& p) {
        bool last = has_channels_last(p);
        channel = last ? 1 : p.height * p.width;
        column = last ? p.channels : 1;
        row = p.width * column;
        image = p.channels * p.height * p.width;
    }

    // The same element in an array with strides.
    POOLING_DEVICE static Index place(Index number, const RegionParameters& p, const MapStrides& strides) {
        Index offset = 0;
        if (has_channels_last(p)) {
            offset += take_last(number, p.channels) * strides.channel;
        }
        offset += take_last(number, p.width) * strides.column;
        offset += take_last(number, p.height) * strides.row;
        if (!has_channels_last(p)) {
            offset += take_last(number, p.channels) * strides.channel;
        }
        return offset + number * strides.batch;
    }
};

// Element i of what belongs to the regions of this launch: channels of their cells.
POOLING_DEVICE Index place_in_regions(Index i, Index channels, const RegionParameters& p, const GpuArrays& arrays,
                                      const MapStrides& strides) {
    bool last = has_channels_last(p);
    Index offset = 0;
    if (last) {
        offset += take_last(i, channels) * strides.channel;
    }
    offset += take_last(i, p.columns) * strides.column;
    offset += take_last(i, p.rows) * strides.row;
    if (!last) {
        offset += take_last(i, channels) * strides.channel;
    }
    return offset + static_cast<Index>(arrays.at<const RegionBox>(kBoxes)[i].output) * strides.batch;
}

POOLING_FUNCTION bool is_wide(const RegionParameters& p, Index builders) {
    return is_wide(size_of_maps(p)) || is_wide(size_of_regions(p)) || is_wide(builders);
}

// For cells whose channels share nothing that would have to be worked out first.
struct PlainCells {
    POOLING_FUNCTION static Index builders() {
        return 0;
    }

    POOLING_DEVICE static void build(const RegionParameters&, const GpuArrays&, Index) {}

    POOLING_FUNCTION static bool has_rest(const RegionParameters&) {
        return false;
    }
};

// Passes: what the channels of a cell share; the cells; the rest of them; instead of the second, groups of channels of
// the cells.
template <template <class> class Cells>
struct RegionForward {
    template <class Storage>
    struct Of {
        typedef RegionParameters Parameters;
        static constexpr int kArrays = 6;
        static constexpr int kPasses = 4;
        static constexpr int kBlock = Cells<Storage>::kBlock;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Cells<Storage> cells(p, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(p, cells.builders());
            plan.threads[0] = cells.builders();
            bool grouped = GroupedBlock::are_possible<Storage, kBlock>(p, request.addresses);
            plan.threads[grouped ? 3 : 1] = CellBlock::blocks(p, kBlock);
            plan.threads[2] = Cells<Storage>::has_rest(p) ? CellBlock::blocks(p, kBlock) : 0;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Cells<Storage> cells(p, memory);
            if constexpr (Pass == 0) {
                cells.build(p, arrays, thread);
            } else if constexpr (Pass == 3) {
                cells.template forward<false>(p, arrays, GroupedBlock{CellBlock::of(thread, p, arrays, kBlock, true)});
            } else {
                cells.template forward<Pass == 2>(p, arrays, CellBlock::of(thread, p, arrays, kBlock));
            }
        }
    };
};

// Passes: the largest gradient, see ScatterSums; what the channels of a cell share; the cells; the rest of them; the
// gradient of the map.
template <template <class> class Cells>
struct RegionBackward {
    template <class Storage>
    struct Of {
        typedef RegionParameters Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        typedef ScatterSums<Real> Sums;
        static constexpr int kArrays = 7;
        static constexpr int kPasses = 5;
        static constexpr int kBlock = Cells<Storage>::kBlock;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            GpuScratch memory(nullptr);
            Sums sums(memory, size_of_maps(p), request.deterministic);
            plan.zeroed = memory.used();
            Cells<Storage> cells(p, memory);
            Index mask = request.addresses[kMask] != 0 ? Sums::searchers(cells_of(p)) : 0;
            plan.scratch = memory.used();
            plan.wide = is_wide(p, cells.builders());
            plan.threads[0] = request.deterministic ? Sums::searchers(size_of_regions(p)) + mask : 0;
            plan.threads[1] = cells.builders();
            plan.threads[2] = CellBlock::blocks(p, kBlock);
            plan.threads[3] = Cells<Storage>::has_rest(p) ? plan.threads[2] : 0;
            plan.threads[4] = size_of_maps(p);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            if constexpr (Pass == 0) {
                find_largest(p, arrays, Sums(memory, size_of_maps(p), true), thread);
            } else {
                Sums sums = Sums::opened(memory, size_of_maps(p), cells_of(p));
                if constexpr (Pass == 1) {
                    Cells<Storage>(p, memory).build(p, arrays, thread);
                } else if constexpr (Pass < 4) {
                    scatter<Pass == 3>(p, arrays, Cells<Storage>(p, memory), sums, thread);
                } else {
                    Index place = MapOrder::place(thread, p, p.gradient);
                    store(arrays.at<Storage>(kGradient) + place, sums.sum(thread));
                }
            }
        }

    private:
        POOLING_DEVICE static void find_largest(const Parameters& p, const GpuArrays& arrays, const Sums& sums,
                                                Index thread) {
            Index searchers = Sums::searchers(size_of_regions(p));
            if (thread < searchers) {
                sums.find_largest(0, thread, size_of_regions(p), [&](Index i) {
                    Index place = place_in_regions(i, p.output_channels, p, arrays, p.output);
                    return load(arrays.at<const Storage>(kOutput) + place);
                });
            } else {
                sums.find_largest(1, thread - searchers, cells_of(p), [&](Index i) {
                    return load(arrays.at<const Storage>(kMask) + place_in_regions(i, 1, p, arrays, p.mask));
                });
            }
        }

        template <bool kRest>
        POOLING_DEVICE static void scatter(const Parameters& p, const GpuArrays& arrays, const Cells<Storage>& cells,
                                           const Sums& sums, Index thread) {
            CellBlock block = CellBlock::of(thread, p, arrays, kBlock);
            MapOrder order(p);
            Index elements[kBlock];
            for (int i = 0; i < kBlock; i++) {
                elements[i] = block.image * order.image + block.input_channel(p, i) * order.channel;
            }
            cells.template backward<kRest>(p, arrays, block, [&](int i, Index row, Index column, Real gradient) {
                if (i < block.count) {
                    sums.add(elements[i] + row * order.row + column * order.column, gradient);
                }
            });
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

#define POOLING_GPU_REGION_FORWARD(stem, name, Cells) \
    POOLING_GPU_KERNEL(stem, name##_forward, pooling::RegionForward<Cells>, 4)
#define POOLING_GPU_REGION_BACKWARD(stem, name, Cells) \
    POOLING_GPU_KERNEL(stem, name##_backward, pooling::RegionBackward<Cells>, 5)
#define POOLING_GPU_REGION_KERNELS(stem, name, Cells) \
    POOLING_GPU_REGION_FORWARD(stem, name, Cells)     \
    POOLING_GPU_REGION_BACKWARD(stem, name, Cells)
