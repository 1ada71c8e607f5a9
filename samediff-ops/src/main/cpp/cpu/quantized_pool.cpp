// SPDX-License-Identifier: Apache-2.0
// Maximum, average and soft pooling of bytes, over windows and adaptive cells.
#include "quantized_channels.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Axes that one cell covers, and whose elements follow each other, become one long axis.
QuantizedPoolParameters collapsed(QuantizedPoolParameters p) {
    for (int a = 0; a + 1 < kAxes; a++) {
        WindowAxis& outer = p.geometry.axes[a];
        WindowAxis& inner = p.geometry.axes[a + 1];
        bool covered = outer.kernel == 0 && outer.output == 1 && inner.kernel == 0 && inner.output == 1;
        if (covered && p.x.axes[a] == p.x.axes[a + 1] * inner.input) {
            inner.input *= outer.input;
            outer.input = 1;
        }
    }
    return p;
}

bool has_channels_last(const QuantizedPoolParameters& p) {
    return p.x.channel == 1 && p.geometry.channels > 1 && (p.x.axes[2] != 1 || p.geometry.axes[2].input == 1);
}

// Computes anew, element by element, the cells of sequences that a mask cuts. Arrays: x, grids, mask, y.
template <class Byte, class Cell>
void pool_cut_cells(const QuantizedPoolParameters& p, void* const* arrays) {
    const Byte* x = static_cast<const Byte*>(arrays[0]);
    const PoolGrids* grids = static_cast<const PoolGrids*>(arrays[1]);
    const Byte* mask = static_cast<const Byte*>(arrays[2]);
    Byte* y = static_cast<Byte*>(arrays[3]);
    const WindowAxis& width = p.geometry.axes[2];
    Index steps = width.kernel == 0 ? ceil_divide(width.input, width.output) : width.kernel;
    parallel_ranges(p.geometry.batch * width.output, steps * p.geometry.channels, [&](Index begin, Index end) {
        for (Index i = begin; i < end; i++) {
            Index batch = i / width.output;
            Index o = i % width.output;
            MaskedCell<Byte> cell(p, o, mask + batch * p.mask_batch);
            for (Index c = 0; c < p.geometry.channels && !cell.is_whole(); c++) {
                y[batch * p.y.batch + c * p.y.channel + o * p.y.axes[2]] =
                    pooled_byte<Cell>(cell, p, grids[c * p.channel_step], x + batch * p.x.batch + c * p.x.channel);
            }
        }
    });
}

template <QuantizedKind Kind, class Cell>
struct Quantized {
    template <class Byte>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        QuantizedPoolParameters p = collapsed(*static_cast<const QuantizedPoolParameters*>(parameters));
        return has_channels_last(p) ? QuantizedChannels<Byte, Kind>(p, arrays).run()
                                    : QuantizedRows<Byte, Kind>(p, arrays).run();
    }

    // Sequences with a mask.
    template <class Byte>
    static KernelStatus masked(const void* parameters, void* const* arrays) {
        const QuantizedPoolParameters& p = *static_cast<const QuantizedPoolParameters*>(parameters);
        if (has_channels_last(p)) {
            return QuantizedChannels<Byte, Kind, true>(p, arrays).run();
        }
        void* const whole[] = {arrays[0], arrays[1], arrays[3]};
        KernelStatus status = QuantizedRows<Byte, Kind>(p, whole).run();
        if (status == kSuccess) {
            pool_cut_cells<Byte, Cell>(p, arrays);
        }
        return status;
    }
};

typedef Quantized<kQuantizedMaximum, QuantizedMaximumCell> Maximum;
typedef Quantized<kQuantizedAverage, QuantizedAverageCell> Average;
typedef Quantized<kQuantizedSoft, QuantizedSoftCell> Soft;

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(quantized_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(quantized_pool)[] = {
    POOLING_BYTE_KERNEL("quantized_maximum", QuantizedPoolParameters, 3, Maximum::forward),
    POOLING_BYTE_KERNEL("quantized_average", QuantizedPoolParameters, 3, Average::forward),
    POOLING_BYTE_KERNEL("quantized_soft", QuantizedPoolParameters, 3, Soft::forward),
    POOLING_BYTE_KERNEL("quantized_maximum_masked", QuantizedPoolParameters, 4, Maximum::masked),
    POOLING_BYTE_KERNEL("quantized_average_masked", QuantizedPoolParameters, 4, Average::masked),
    POOLING_BYTE_KERNEL("quantized_soft_masked", QuantizedPoolParameters, 4, Soft::masked),
    {},
};

}  // namespace pooling
