// SPDX-License-Identifier: Apache-2.0
// Neighbouring elements that a thread reads and writes at once, up to 16 bytes with an instruction. A kernel has a
// variant for this beside that for one element a thread; where groups of neighbours are aligned in all arrays the plan
// takes it. Both compute the same.
#pragma once

#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Elements of a group.
template <class Storage>
constexpr int kNeighbours = sizeof(Storage) == 8 ? 2 : 4;

// Bytes of a group, or of the pieces it is read in.
template <class Element, int Count>
constexpr Index kPieceBytes = sizeof(Element) * Count < 16 ? sizeof(Element) * Count : 16;

template <class Element, int Count>
struct alignas(kPieceBytes<Element, Count>) NeighbourPiece {
    static constexpr int kCount = static_cast<int>(kPieceBytes<Element, Count>) / static_cast<int>(sizeof(Element));
    Element elements[kCount];

    // A device faults where an address is not aligned; so shall the host that stands in for it.
    template <class Piece>
    POOLING_DEVICE static Piece* at(const void* address) {
#if !defined(__CUDACC__)
        if (reinterpret_cast<UInt64>(address) % alignof(NeighbourPiece) != 0) {
            __builtin_trap();
        }
#endif
        return static_cast<Piece*>(const_cast<void*>(address));
    }
};

template <class Element, int Count>
POOLING_DEVICE void load_neighbours(const Element* from, Element (&to)[Count]) {
    typedef NeighbourPiece<Element, Count> Piece;
    unrolled<Count / Piece::kCount>([&](int i) {
        Piece piece = *Piece::template at<const Piece>(from + i * Piece::kCount);
        unrolled<Piece::kCount>([&](int j) { to[i * Piece::kCount + j] = piece.elements[j]; });
    });
}

template <class Element, int Count>
POOLING_DEVICE void store_neighbours(Element* to, const Element (&from)[Count]) {
    typedef NeighbourPiece<Element, Count> Piece;
    unrolled<Count / Piece::kCount>([&](int i) {
        Piece piece;
        unrolled<Piece::kCount>([&](int j) { piece.elements[j] = from[i * Piece::kCount + j]; });
        *Piece::template at<Piece>(to + i * Piece::kCount) = piece;
    });
}

// Whether an array that stands there consists of aligned groups; strides: combined with |, all but that between
// neighbours.
template <class Element, int Count>
POOLING_FUNCTION bool is_grouped(Index address, Index strides) {
    return ((address | strides * Index(sizeof(Element))) & (kPieceBytes<Element, Count> - 1)) == 0;
}

// The same for groups of channels, or of columns.
template <class Element, int Count>
POOLING_FUNCTION bool is_grouped(Index address, const TensorStrides& s, bool along_channels) {
    Index between = along_channels ? s.channel : s.axes[2];
    Index others = s.batch | s.axes[0] | s.axes[1] | (along_channels ? s.axes[2] : s.channel);
    return between == 1 && is_grouped<Element, Count>(address, others);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
