// SPDX-License-Identifier: Apache-2.0
// Weighted sums over the neighbours v of each node u of a graph, with s the weight of the node itself:
//     y_u = a_u (s b_u x_u + sum_v w_uv b_v x_v),   d_u = s + sum_v w_uv
//     sum: a = b = 1;  mean: a = 1/d, b = 1;  symmetric: a = b = 1/sqrt(d);  1/0 is 0 here
// The graph is a list of edges, or the grid of a map, whose weights are 1 or exp(-|x_u - x_v|^2 / h). Gradients, with g
// that of y and D_u that of d_u:
//     D_u = -a_u g_u y_u (mean),   -a_u^2 / 2 (g_u y_u + x_u r_u) (symmetric)
//     r_t = b_t (s a_t g_t + sum_u w_ut a_u g_u)
//     dx_t = r_t + sum_v k_tv (x_t - x_v),   k = -2 w / h (dw_tv + dw_vt),   dw_uv = a_u b_v g_u x_v + D_u
#pragma once

#include "../core/storage.h"
#include "../core/window_geometry.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum NeighbourNormalisation { kSumNeighbours, kMeanNeighbours, kSymmetricNeighbours };

constexpr int kMostGridNeighbours = 8;

// Java fills it in (NeighbourGraph.java).
struct GraphNeighbourParameters {
    Index batch;
    Index features;
    Index size[kAxes];  // of an example; nodes of a list of edges are one row
    Index grid;         // neighbours of a node, 4 or 8; 0 for a list of edges
    Index normalisation;
    Index self_weight;  // bits of a double
    Index bandwidth;    // bits of a double, h; 0 for weights of 1
    Index weight_strides[2];
    Index weight_gradient_strides[2];
    TensorStrides x;
    TensorStrides y;
    TensorStrides x_gradient;
};

// Edges by one of their ends: those of node i, counted through all examples, stand from begins[i] to begins[i + 1].
struct EdgesOfNodes {
    const Index* begins;
    const Index* others;  // the other end, counted in its example
    const Index* edges;   // number of the edge in its example
};

// What passes leave for later ones, for each node, or for each node and neighbour in the grid.
template <class Real>
struct NeighbourScratch {
    Real* weights;        // w, of grids with weights
    Real* factors;        // a
    double* by_degree;    // D
    Real* by_difference;  // k
};

template <class Storage>
class GraphNeighbours {
public:
    typedef typename StorageTraits<Storage>::Real Real;

    const GraphNeighbourParameters& p;
    const Storage* x;
    const Storage* mask;     // dense, or none
    const Storage* weights;  // of edges, or none
    EdgesOfNodes incoming;
    EdgesOfNodes outgoing;
    NeighbourScratch<Real> scratch;

    POOLING_FUNCTION Index positions() const {
        return p.size[0] * p.size[1] * p.size[2];
    }

    POOLING_FUNCTION bool has_similarity() const {
        return p.bandwidth != 0;
    }

    POOLING_FUNCTION bool counts(Index node) const {
        return mask == nullptr || load(mask + node) != Real(0);
    }

    // Pass of grids with weights: the weights of a node, 0 for neighbours that are not there.
    POOLING_FUNCTION void find_weights(Index node) const {
        Index example = quotient(node, positions());
        Index u = node - example * positions();
        Real* target = scratch.weights + node * p.grid;
        for (Index slot = 0; slot < p.grid; slot++) {
            target[slot] = 0;
        }
        const Storage* from = x + example * p.x.batch;
        for_each_grid_neighbour(node, example, u, [&](Index v, Index slot) {
            double sum = 0;
            Index of_u = offset(u, p.x);
            Index of_v = offset(v, p.x);
            for (Index f = 0; f < p.features; f++) {
                double d = static_cast<double>(load(from + of_u + f * p.x.channel)) -
                           static_cast<double>(load(from + of_v + f * p.x.channel));
                sum += d * d;
            }
            target[slot] = exponential_of_nonpositive(static_cast<Real>(-sum / bit_cast<double>(p.bandwidth)));
        });
    }

    // Pass of all but sums: the factor a of a node.
    POOLING_FUNCTION void find_factor(Index node) const {
        double degree = bit_cast<double>(p.self_weight);
        for_each_neighbour(node, incoming, [&](Index, Index, Real weight) { degree += static_cast<double>(weight); });
        bool none = degree <= 0;
        double factor = p.normalisation == kMeanNeighbours ? 1 / degree : 1 / square_root(degree);
        scratch.factors[node] = none ? Real(0) : static_cast<Real>(factor);
    }

    POOLING_FUNCTION Real value(Index example, Index u, Index feature) const {
        Index node = example * positions() + u;
        if (!counts(node)) {
            return 0;
        }
        const Storage* from = x + example * p.x.batch + feature * p.x.channel;
        double sum = part(self(right(node)), static_cast<double>(load(from + offset(u, p.x))));
        for_each_neighbour(node, incoming, [&](Index v, Index, Real weight) {
            sum += part(times(weight, right(node - u + v)), static_cast<double>(load(from + offset(v, p.x))));
        });
        return static_cast<Real>(part(static_cast<double>(left(node)), sum));
    }

    // Pass of gradients but those of plain sums: D of a node.
    POOLING_FUNCTION void find_degree_gradient(Index node, const Storage* gradient) const {
        if (!counts(node) || p.normalisation == kSumNeighbours) {
            scratch.by_degree[node] = 0;
            return;
        }
        Index example = quotient(node, positions());
        Index u = node - example * positions();
        double a = static_cast<double>(left(node));
        double own = product(gradient, example, u, u);
        double by_output = part(self(right(node)), own);
        for_each_neighbour(node, incoming, [&](Index v, Index, Real weight) {
            by_output += part(times(weight, right(node - u + v)), product(gradient, example, u, v));
        });
        by_output = part(a, by_output);
        if (p.normalisation == kMeanNeighbours) {
            scratch.by_degree[node] = -part(a, by_output);
            return;
        }
        double by_input = part(self(left(node)), own);
        for_each_neighbour(node, outgoing, [&](Index v, Index, Real weight) {
            by_input += part(times(weight, left(node - u + v)), product(gradient, example, v, u));
        });
        scratch.by_degree[node] = -part(a * a / 2, by_output + part(static_cast<double>(right(node)), by_input));
    }

    // Pass of gradients of the weights of edges that lead to a node.
    POOLING_FUNCTION void write_weight_gradients(Index node, const Storage* gradient, Storage* weight_gradient) const {
        Index example = quotient(node, positions());
        Index u = node - example * positions();
        for (Index i = incoming.begins[node]; i < incoming.begins[node + 1]; i++) {
            Storage* target = weight_gradient + example * p.weight_gradient_strides[0] +
                              incoming.edges[i] * p.weight_gradient_strides[1];
            store(target, static_cast<Real>(by_weight(node, example, u, incoming.others[i], gradient)));
        }
    }

    // Pass of grids with weights: k of a node and its neighbours.
    POOLING_FUNCTION void find_difference_gradients(Index node, const Storage* gradient) const {
        Index example = quotient(node, positions());
        Index t = node - example * positions();
        Real* target = scratch.by_difference + node * p.grid;
        for (Index slot = 0; slot < p.grid; slot++) {
            target[slot] = 0;
        }
        for_each_neighbour(node, incoming, [&](Index v, Index slot, Real weight) {
            double both = by_weight(node, example, t, v, gradient) + by_weight(node - t + v, example, v, t, gradient);
            double factor = -2 * static_cast<double>(weight) / bit_cast<double>(p.bandwidth);
            target[slot] = static_cast<Real>(part(factor, both));
        });
    }

    POOLING_FUNCTION Real input_gradient(Index example, Index t, Index feature, const Storage* gradient) const {
        Index node = example * positions() + t;
        if (!counts(node)) {
            return 0;
        }
        const Storage* g = gradient + example * p.y.batch + feature * p.y.channel;
        double sum = part(self(left(node)), static_cast<double>(load(g + offset(t, p.y))));
        for_each_neighbour(node, outgoing, [&](Index u, Index, Real weight) {
            sum += part(times(weight, left(node - t + u)), static_cast<double>(load(g + offset(u, p.y))));
        });
        sum = part(static_cast<double>(right(node)), sum);
        if (has_similarity()) {
            const Storage* from = x + example * p.x.batch + feature * p.x.channel;
            double own = static_cast<double>(load(from + offset(t, p.x)));
            for_each_neighbour(node, incoming, [&](Index v, Index slot, Real) {
                double factor = static_cast<double>(scratch.by_difference[node * p.grid + slot]);
                sum += part(factor, own - static_cast<double>(load(from + offset(v, p.x))));
            });
        }
        return static_cast<Real>(sum);
    }

    // Of a node in an array, without example and feature.
    POOLING_FUNCTION Index offset(Index u, const TensorStrides& s) const {
        if (p.grid == 0) {
            return u * s.axes[2];
        }
        Index row = quotient(u, p.size[2]);
        return row * s.axes[1] + (u - row * p.size[2]) * s.axes[2];
    }

private:
    POOLING_FUNCTION Real left(Index node) const {
        return p.normalisation == kSumNeighbours ? Real(1) : scratch.factors[node];
    }

    POOLING_FUNCTION Real right(Index node) const {
        return p.normalisation == kSymmetricNeighbours ? scratch.factors[node] : Real(1);
    }

    POOLING_FUNCTION double self(Real factor) const {
        return bit_cast<double>(p.self_weight) * static_cast<double>(factor);
    }

    POOLING_FUNCTION static double times(Real a, Real b) {
        return static_cast<double>(a) * static_cast<double>(b);
    }

    // g_u x_v, over all features.
    POOLING_FUNCTION double product(const Storage* gradient, Index example, Index u, Index v) const {
        const Storage* g = gradient + example * p.y.batch + offset(u, p.y);
        const Storage* from = x + example * p.x.batch + offset(v, p.x);
        double sum = 0;
        for (Index f = 0; f < p.features; f++) {
            sum += static_cast<double>(load(g + f * p.y.channel)) * static_cast<double>(load(from + f * p.x.channel));
        }
        return sum;
    }

    // dw_uv
    POOLING_FUNCTION double by_weight(Index node, Index example, Index u, Index v, const Storage* gradient) const {
        double factor = times(left(node), right(node - u + v));
        return part(factor, product(gradient, example, u, v)) + scratch.by_degree[node];
    }

    // visit(v, slot): neighbours that are there and count. Slots of two neighbours for each other add up to grid - 1.
    template <class Visit>
    POOLING_FUNCTION void for_each_grid_neighbour(Index node, Index example, Index u, const Visit& visit) const {
        if (!counts(node)) {
            return;
        }
        Index row = quotient(u, p.size[2]);
        Index column = u - row * p.size[2];
        Index slot = 0;
        for (Index i = -1; i <= 1; i++) {
            for (Index j = -1; j <= 1; j++) {
                if ((i == 0 && j == 0) || (p.grid == 4 && i != 0 && j != 0)) {
                    continue;
                }
                bool inside = row + i >= 0 && row + i < p.size[1] && column + j >= 0 && column + j < p.size[2];
                Index v = u + i * p.size[2] + j;
                if (inside && counts(example * positions() + v)) {
                    visit(v, slot);
                }
                slot++;
            }
        }
    }

    // visit(v, slot or place in the list, weight)
    template <class Visit>
    POOLING_FUNCTION void for_each_neighbour(Index node, const EdgesOfNodes& list, const Visit& visit) const {
        Index example = quotient(node, positions());
        if (p.grid != 0) {
            for_each_grid_neighbour(node, example, node - example * positions(), [&](Index v, Index slot) {
                visit(v, slot, has_similarity() ? scratch.weights[node * p.grid + slot] : Real(1));
            });
            return;
        }
        for (Index i = list.begins[node]; i < list.begins[node + 1]; i++) {
            Index at = example * p.weight_strides[0] + list.edges[i] * p.weight_strides[1];
            visit(list.others[i], i, weights == nullptr ? Real(1) : load(weights + at));
        }
    }
};

// Of the forward pass: x, mask, weights, begins, others and edges of the incoming ones, y. Of the backward pass: those
// but y, the outgoing ones, gradients of y, x and weights. Masks, weights and lists may be left out. at(i): an array.
template <class Storage, class At>
POOLING_FUNCTION GraphNeighbours<Storage> graph_neighbours(
    const GraphNeighbourParameters& p, const At& at, bool backward,
    const NeighbourScratch<typename StorageTraits<Storage>::Real>& scratch) {
    auto storage = [&](int i) { return static_cast<const Storage*>(at(i)); };
    auto list = [&](int i) {
        return EdgesOfNodes{static_cast<const Index*>(at(i)), static_cast<const Index*>(at(i + 1)),
                            static_cast<const Index*>(at(i + 2))};
    };
    return {p, storage(0), storage(1), storage(2), list(3), list(backward ? 6 : 3), scratch};
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
