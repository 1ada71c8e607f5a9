// SPDX-License-Identifier: Apache-2.0
// A block of windows that hold the same taps, as operators with further inputs see it: lanes are neighbouring
// windows of a row, or channels. drivers/ prepares blocks, cpu/<stem>.cpp computes them, so that an operator is
// compiled for two types only and knows nothing of layouts, borders and storage.
//
// An operator is a struct with kElements, kParameters, kMasks (numbers of its further arrays), kHasIndex, kDrawn (the
// parameter that is drawn at random where it is left out, or -1; the key is option 0), a constructor
// from WindowOptions and, as templates over the window,
//     Real forward(const Window&)       the value; with kHasIndex also window.choose(which)
//     void backward(const Window&)      adds to the gradients; not called with kHasIndex, whose gradient goes to the
//                                       chosen element
#pragma once

#include "../kernels/window_parameters.h"
#include "kernel_table.h"
#include "lanes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr int kMaximumElements = 2;  // arrays of the input's shape
constexpr int kMaximumFurther = 8;   // parameters, and masks
constexpr int kKeptNumbers = 2;      // that an operator may keep of every tap

// All pointers to lanes have room for full vectors.
template <class Element>
struct WindowBlock {
    const WindowOptions* options;
    int lanes;  // a multiple of the vector's
    Index taps;
    Index kernel_taps;         // of the whole window
    Index padded_taps;         // of those, inside the padded map
    const Index* tap_numbers;  // place of each tap in the whole window
    const Element* const* elements[kMaximumElements];
    const Element* parameters[kMaximumFurther];
    const Element* masks[kMaximumFurther];
    Index mask_steps[kMaximumFurther];  // from a tap to the next; 1 where all lanes share the value
    Element* kept;                      // room for kKeptNumbers numbers of every tap of one vector of lanes
    // Forward
    Element* y;
    Element* chosen;
    // Backward
    const Element* gradient;
    Element* const* element_gradients[kMaximumElements];
    Element* parameter_gradients[kMaximumFurther];
    Element* mask_factors[kMaximumFurther];
};

// What an operator sees: some lanes of a block. Taps are numbered from 0 to count().
template <class Vector>
class BlockWindow {
public:
    typedef Vector Real;
    typedef typename RealTraits<Vector>::Element Element;

    POOLING_FUNCTION BlockWindow(const WindowBlock<Element>& block, int lane) : b_(block), lane_(lane) {}

    // Elements inside the map, of the whole window, and of the window inside the padded map.
    POOLING_FUNCTION Index count() const {
        return b_.taps;
    }

    POOLING_FUNCTION Index kernel_count() const {
        return b_.kernel_taps;
    }

    POOLING_FUNCTION Index padded_count() const {
        return b_.padded_taps;
    }

    POOLING_FUNCTION Real first() const {
        return x(0);
    }

    // function(element, number of its tap)
    template <class Function>
    POOLING_FUNCTION void for_each(const Function& function) const {
        for (Index i = 0; i < b_.taps; i++) {
            function(x(i), i);
        }
    }

    POOLING_FUNCTION Real x(Index tap) const {
        return load_lanes(b_.elements[0][tap] + lane_);
    }

    // Of another array of the input's shape; the input is number 0.
    POOLING_FUNCTION Real element(int array, Index tap) const {
        return load_lanes(b_.elements[array][tap] + lane_);
    }

    POOLING_FUNCTION bool has_parameter(int i) const {
        return b_.parameters[i] != nullptr;
    }

    // 0 where it is left out.
    POOLING_FUNCTION Real parameter(int i) const {
        return has_parameter(i) ? load_lanes(b_.parameters[i] + lane_) : broadcast<Real>(0);
    }

    POOLING_FUNCTION Real mask(int i, Index tap) const {
        const Element* p = b_.masks[i] + tap * b_.mask_steps[i];
        return b_.mask_steps[i] == 1 ? broadcast<Real>(*p) : load_lanes(p + lane_);
    }

    // Keeps a number of a tap: fetching it costs less than computing it again.
    POOLING_FUNCTION void keep(int number, Index tap, Real value) const {
        store_lanes(kept_at(number, tap), value);
    }

    // What was kept. Windows that keep nothing compute it by the given function of no arguments.
    template <class Function>
    POOLING_FUNCTION Real kept(int number, Index tap, const Function&) const {
        return load_lanes(kept_at(number, tap));
    }

    POOLING_FUNCTION void choose(Real tap) const {
        store_lanes(b_.chosen + lane_, tap);
    }

    POOLING_FUNCTION Real gradient() const {
        return load_lanes(b_.gradient + lane_);
    }

    POOLING_FUNCTION void add_x_gradient(Index tap, Real value) const {
        add_element_gradient(0, tap, value);
    }

    POOLING_FUNCTION void add_element_gradient(int array, Index tap, Real value) const {
        Element* p = b_.element_gradients[array][tap] + lane_;
        store_lanes(p, load_lanes(p) + value);
    }

    POOLING_FUNCTION void set_parameter_gradient(int i, Real value) const {
        if (b_.parameter_gradients[i] != nullptr) {
            store_lanes(b_.parameter_gradients[i] + lane_, value);
        }
    }

    // The gradient of mask i is factor * x, tap by tap.
    POOLING_FUNCTION void set_mask_factor(int i, Real factor) const {
        store_lanes(b_.mask_factors[i] + lane_, factor);
    }

private:
    const WindowBlock<Element>& b_;
    int lane_;

    POOLING_FUNCTION Element* kept_at(int number, Index tap) const {
        return b_.kept + (number * b_.taps + tap) * lane_count<Vector>();
    }
};

template <class Operator, class Element>
void forward_block(const WindowBlock<Element>& block) {
    typedef typename LanesOf<Element>::Vector Vector;
    Operator op(*block.options);
    for (int lane = 0; lane < block.lanes; lane += lane_count<Vector>()) {
        store_lanes(block.y + lane, op.forward(BlockWindow<Vector>(block, lane)));
    }
}

template <class Operator, class Element>
void backward_block(const WindowBlock<Element>& block) {
    typedef typename LanesOf<Element>::Vector Vector;
    if constexpr (!Operator::kHasIndex) {
        Operator op(*block.options);
        for (int lane = 0; lane < block.lanes; lane += lane_count<Vector>()) {
            op.backward(BlockWindow<Vector>(block, lane));
        }
    }
}

// An operator as the drivers see it.
struct WindowKernels {
    int elements;  // besides the input
    int parameters;
    int masks;
    bool has_index;
    int drawn;
    bool masked;  // whether the last input says which steps of a sequence are elements at all
    void (*forward_float)(const WindowBlock<float>&);
    void (*forward_double)(const WindowBlock<double>&);
    void (*backward_float)(const WindowBlock<float>&);
    void (*backward_double)(const WindowBlock<double>&);

    int inputs() const {
        return 1 + elements + parameters + masks + (masked ? 1 : 0);
    }

    void forward(const WindowBlock<float>& block) const {
        forward_float(block);
    }

    void forward(const WindowBlock<double>& block) const {
        forward_double(block);
    }

    void backward(const WindowBlock<float>& block) const {
        backward_float(block);
    }

    void backward(const WindowBlock<double>& block) const {
        backward_double(block);
    }
};

// Arrays: the inputs (x, elements, parameters, masks, the mask of steps), y, index.
template <class Storage>
KernelStatus run_blocks_forward(const WindowKernels& kernels, const void* parameters, void* const* arrays);

// Arrays: the inputs, index, gradient of y, gradients of the inputs but for the mask of steps.
template <class Storage>
KernelStatus run_blocks_backward(const WindowKernels& kernels, const void* parameters, void* const* arrays);

template <class Operator, bool Masked>
struct BlockOperator {
    static constexpr int kDifferentiable = 1 + Operator::kElements + Operator::kParameters + Operator::kMasks;
    static constexpr int kForward = kDifferentiable + (Masked ? 1 : 0) + (Operator::kHasIndex ? 2 : 1);
    static constexpr int kBackward = kForward + kDifferentiable;
    static constexpr WindowKernels kKernels = {Operator::kElements,
                                               Operator::kParameters,
                                               Operator::kMasks,
                                               Operator::kHasIndex,
                                               Operator::kDrawn,
                                               Masked,
                                               forward_block<Operator, float>,
                                               forward_block<Operator, double>,
                                               backward_block<Operator, float>,
                                               backward_block<Operator, double>};

    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        return run_blocks_forward<Storage>(kKernels, parameters, arrays);
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        return run_blocks_backward<Storage>(kKernels, parameters, arrays);
    }
};

template <class Operator>
using PlainBlocks = BlockOperator<Operator, false>;

// Of sequences with a mask.
template <class Operator>
using MaskedBlocks = BlockOperator<Operator, true>;

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

// Kernels: PlainBlocks or MaskedBlocks.
#define POOLING_BLOCK_KERNEL_PAIR(name, Kernels, Operator)                                                             \
    POOLING_KERNEL(name "_forward", WindowParameters<Kernels<Operator>::kForward>, Kernels<Operator>::kForward,        \
                   Kernels<Operator>::forward),                                                                        \
        POOLING_KERNEL(name "_backward", WindowParameters<Kernels<Operator>::kBackward>, Kernels<Operator>::kBackward, \
                       Kernels<Operator>::backward)

#define POOLING_BLOCK_KERNEL_PAIRS(name, Operator)          \
    POOLING_BLOCK_KERNEL_PAIR(name, PlainBlocks, Operator), \
        POOLING_BLOCK_KERNEL_PAIR(name "_masked", MaskedBlocks, Operator)

// Kernels: those without a mask.
#define POOLING_WINDOW_TABLE(stem, Kernels, Operator)                       \
    namespace pooling {                                                     \
    extern const KernelEntry POOLING_KERNEL_TABLE(stem)[];                  \
    const KernelEntry POOLING_KERNEL_TABLE(stem)[] = {                      \
        POOLING_BLOCK_KERNEL_PAIR(#stem, Kernels, Operator),                \
        POOLING_BLOCK_KERNEL_PAIR(#stem "_masked", MaskedBlocks, Operator), \
        {},                                                                 \
    };                                                                      \
    }

#define POOLING_BLOCK_KERNELS(stem, Operator) POOLING_WINDOW_TABLE(stem, PlainBlocks, Operator)

// For operators whose kernel depends on their options.
#define POOLING_TWO_BLOCK_KERNELS(stem, name1, Operator1, name2, Operator2) \
    namespace pooling {                                                     \
    extern const KernelEntry POOLING_KERNEL_TABLE(stem)[];                  \
    const KernelEntry POOLING_KERNEL_TABLE(stem)[] = {                      \
        POOLING_BLOCK_KERNEL_PAIRS(name1, Operator1),                       \
        POOLING_BLOCK_KERNEL_PAIRS(name2, Operator2),                       \
        {},                                                                 \
    };                                                                      \
    }
