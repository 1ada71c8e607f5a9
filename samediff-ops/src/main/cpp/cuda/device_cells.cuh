// SPDX-License-Identifier: Apache-2.0
// Cells that are products of ranges (kernels/cells.h), for one thread. The plan of the cells is an array on the device:
// the host knows only how many there are.
#pragma once

#include "../kernels/cells.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

POOLING_FUNCTION Index planes_of(const CellParameters& p) {
    return p.batch * p.channels;
}

// Whether numbers of elements, cells or columns of rows of cells need more than 31 bits.
POOLING_FUNCTION bool is_wide(const CellParameters& p) {
    return is_wide(planes_of(p) * positions_of(p.input)) || is_wide(planes_of(p) * p.cells) ||
           is_wide(planes_of(p) * p.cell_rows * p.input[2]);
}

// One of the cells of a plane, or one of the rows of cells: level after level, row by row.
struct CellPlace {
    Index level;
    Index axes[kAxes];  // in its level; along the last axis 0 for a row
    Index row;          // number of its row among those of all levels

    POOLING_DEVICE CellPlace(const CellParameters& p, const CellPlan& plan, Index number, bool is_row)
        : level(0), row(0) {
        Index width = 0;
        for (; level < p.levels; level++) {
            const Index* size = plan.level(level).output;
            Index rows = size[0] * size[1];
            width = is_row ? 1 : size[2];
            if (number < rows * width) {
                break;
            }
            number -= rows * width;
            row += rows;
        }
        axes[2] = take_last(number, width);
        row += number;
        axes[1] = take_last(number, plan.level(level).output[1]);
        axes[0] = number;
    }
};

// A cell, or a column of a row of cells, of a thread. Neighbouring threads take neighbours of a row, or channels.
struct CellOfThread {
    Index batch;
    Index channel;
    Index column;  // 0 for a cell
    CellPlace place;

    // columns: of a row of cells; 0 for cells. group: so many channels, or columns, belong to a thread, this has the
    // first.
    POOLING_DEVICE static CellOfThread of(Index thread, const CellParameters& p, const CellPlan& plan, Index columns,
                                          int group = 1) {
        bool channels_last = has_channels_last(p.x);
        int of_columns = channels_last ? 1 : group;
        Index channel = channels_last ? take_last(thread, quotient(p.channels, group)) * group : 0;
        Index column = columns > 0 ? take_last(thread, quotient(columns, of_columns)) * of_columns : 0;
        Index number = take_last(thread, columns > 0 ? p.cell_rows : p.cells);
        channel = channels_last ? channel : take_last(thread, p.channels);
        return {thread, channel, column, CellPlace(p, plan, number, columns > 0)};
    }

    POOLING_DEVICE Index plane(const CellParameters& p) const {
        return batch * p.channels + channel;
    }

    POOLING_DEVICE CellRow row(const CellParameters& p, const CellPlan& plan) const {
        return {plan, plan.level(place.level), plane(p), place.axes[0], place.axes[1]};
    }

    // Of the result of a cell.
    POOLING_DEVICE Index offset(const CellArray& cells) const {
        return cells.first +
               MapPlace{batch, channel, {place.axes[0], place.axes[1], place.axes[2]}}.offset(cells.strides);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
