// SPDX-License-Identifier: Apache-2.0
// Real numbers to bytes and back, and both in one step.
#include "../kernels/quantization.h"

#include "byte_lanes.h"
#include "element_lines.h"
#include "kernel_table.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Grids of the elements of a line, as numbers or as vectors.
template <class Real>
class LineGrids {
public:
    typedef typename LanesOf<Real>::Vector Vector;

    LineGrids(const QuantizationParameters& p, const void* grids)
        : records_(static_cast<const GridRecord*>(grids)),
          by_channel_(p.channel_step != 0),
          row_(p.channels + lane_count<Vector>()),
          memory_(by_channel_ ? 2 * row_ : 0) {
        for (Index c = 0; by_channel_ && memory_ && c < p.channels; c++) {
            memory_.get()[c] = static_cast<Real>(records_[c].scale);
            memory_.get()[row_ + c] = static_cast<Real>(records_[c].zero);
        }
    }

    bool failed() const {
        return !memory_;
    }

    bool by_channel() const {
        return by_channel_;
    }

    // Of the elements of a line that lies in one channel.
    Grid<Vector> of_channel(Index channel) const {
        Grid<Real> grid = Grid<Real>::of(records_[by_channel_ ? channel : 0]);
        return {broadcast<Vector>(grid.scale), broadcast<Vector>(grid.zero)};
    }

    // Of neighbouring channels.
    Grid<Vector> of_channels(Index first) const {
        return {load_lanes(memory_.get() + first), load_lanes(memory_.get() + row_ + first)};
    }

private:
    const GridRecord* records_;
    bool by_channel_;
    Index row_;
    Scratch<Real> memory_;
};

// Calls function(grid, offsets of the arrays, strides, lanes) for vectors of elements.
template <class Real, int Arrays, class Function>
KernelStatus for_each_vector(const QuantizationParameters& p, const void* grids, const TensorStrides (&strides)[Arrays],
                             const Function& function) {
    constexpr Index kLanes = lane_count<typename LanesOf<Real>::Vector>();
    LineGrids<Real> line_grids(p, grids);
    if (line_grids.failed()) {
        return kOutOfMemory;
    }
    ElementLines<Arrays> lines(p.batch, p.channels, p.size, strides, line_grids.by_channel());
    bool along_channels = lines.runs_along_channels();
    lines.for_each([&](ElementLine<Arrays> line) {
        auto grid = line_grids.of_channel(line.channel);
        for (Index i = 0; i < line.count; i += kLanes) {
            if (along_channels) {
                grid = line_grids.of_channels(line.channel + i);
            }
            function(grid, line.offsets, line.strides, static_cast<int>(minimum(kLanes, line.count - i)));
            for (int a = 0; a < Arrays; a++) {
                line.offsets[a] += kLanes * line.strides[a];
            }
        }
    });
    return kSuccess;
}

template <class Byte, class Vector>
POOLING_FUNCTION void store_bytes(Byte* y, Index stride, int lanes, Vector codes) {
    typedef typename RealTraits<Vector>::Element Real;
    Real numbers[lane_count<Vector>()];
    store_unaligned(numbers, codes);
    if (stride == 1 && lanes == lane_count<Vector>()) {
        typedef UInt8 Codes __attribute__((vector_size(lane_count<Vector>())));
        typedef int Ints __attribute__((vector_size(lane_count<Vector>() * 4)));
        store_unaligned(y, converted<Codes>(converted<Ints>(codes)) ^ ByteTraits<Byte>::kFlip);
        return;
    }
    for (int lane = 0; lane < lanes; lane++) {
        y[lane * stride] = byte_of<Byte>(static_cast<int>(numbers[lane]));
    }
}

template <class Storage, class Byte>
KernelStatus quantize_to(const QuantizationParameters& p, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Byte* y = static_cast<Byte*>(arrays[2]);
    return for_each_vector<Real>(p, arrays[1], {p.x, p.y},
                                 [&](const auto& grid, const Index* at, const Index* s, int n) {
                                     store_bytes(y + at[1], s[1], n, grid.code(load_lanes<Vector>(x + at[0], s[0], n)));
                                 });
}

template <class Storage>
KernelStatus quantize(const void* parameters, void* const* arrays) {
    const QuantizationParameters& p = *static_cast<const QuantizationParameters*>(parameters);
    return p.type == 1 ? quantize_to<Storage, SignedByte>(p, arrays) : quantize_to<Storage, UnsignedByte>(p, arrays);
}

template <class Byte, class Storage>
KernelStatus dequantize_to(const QuantizationParameters& p, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const Byte* x = static_cast<const Byte*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[2]);
    return for_each_vector<Real>(p, arrays[1], {p.x, p.y},
                                 [&](const auto& grid, const Index* at, const Index* s, int n) {
                                     Vector codes;
                                     if constexpr (sizeof(Real) == 4) {
                                         codes = load_lanes<Vector>(x + at[0], s[0], n);
                                     } else {
                                         Real numbers[lane_count<Vector>()] = {};
                                         for (int lane = 0; lane < n; lane++) {
                                             numbers[lane] = static_cast<Real>(code_of(x[at[0] + lane * s[0]]));
                                         }
                                         codes = load_unaligned<Vector>(numbers);
                                     }
                                     store_lanes(y + at[1], s[1], n, grid.value(codes));
                                 });
}

template <class Byte>
KernelStatus dequantize(const void* parameters, void* const* arrays) {
    const QuantizationParameters& p = *static_cast<const QuantizationParameters*>(parameters);
    return p.type == 0   ? dequantize_to<Byte, float>(p, arrays)
           : p.type == 1 ? dequantize_to<Byte, double>(p, arrays)
           : p.type == 2 ? dequantize_to<Byte, Half>(p, arrays)
                         : dequantize_to<Byte, BFloat16>(p, arrays);
}

template <class Storage>
KernelStatus fake_quantize_forward(const void* parameters, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const QuantizationParameters& p = *static_cast<const QuantizationParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[2]);
    return for_each_vector<Real>(
        p, arrays[1], {p.x, p.y}, [&](const auto& grid, const Index* at, const Index* s, int n) {
            store_lanes(y + at[1], s[1], n, grid.nearest(load_lanes<Vector>(x + at[0], s[0], n)));
        });
}

template <class Storage>
KernelStatus fake_quantize_backward(const void* parameters, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    const QuantizationParameters& p = *static_cast<const QuantizationParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    const Storage* gradient = static_cast<const Storage*>(arrays[2]);
    Storage* x_gradient = static_cast<Storage*>(arrays[3]);
    return for_each_vector<Real>(
        p, arrays[1], {p.x, p.y, p.x_gradient}, [&](const auto& grid, const Index* at, const Index* s, int n) {
            Vector result =
                grid.gradient(load_lanes<Vector>(x + at[0], s[0], n), load_lanes<Vector>(gradient + at[1], s[1], n));
            store_lanes(x_gradient + at[2], s[2], n, result);
        });
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(quantization)[];
const KernelEntry POOLING_KERNEL_TABLE(quantization)[] = {
    POOLING_KERNEL("quantize", QuantizationParameters, 3, quantize),
    POOLING_BYTE_KERNEL("dequantize", QuantizationParameters, 3, dequantize),
    POOLING_KERNEL("fake_quantize_forward", QuantizationParameters, 3, fake_quantize_forward),
    POOLING_KERNEL("fake_quantize_backward", QuantizationParameters, 4, fake_quantize_backward),
    {},
};

}  // namespace pooling
