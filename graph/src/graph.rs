//! [`Graph`]: the high-level graph, one petgraph node a layer, that passes rewrite.

use crate::error::{Error, Result};
use crate::grid::{contains, flatten, n_blocks};
use crate::key::{Key, Name, NameMap};
use crate::layer::{Blocks, Layer};
use crate::plan::{Plan, PlanOptions};
use petgraph::Direction::Incoming;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::EdgeRef;
use smallvec::SmallVec;
use std::panic::Location;
use std::sync::Arc;

/// Number of a layer in a [`Graph`].
pub type LayerId = NodeIndex<u32>;

/// A layer in the graph.
#[derive(Clone)]
pub struct LayerNode {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub blocks: Arc<dyn Blocks>,
    /// Where the user made it.
    pub made_at: &'static Location<'static>,
}

/// What a run is to give back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    Layer(LayerId),
    Block(LayerId, u32),
}

impl Wanted {
    pub(crate) fn layer(self) -> LayerId {
        match self {
            Wanted::Layer(layer) | Wanted::Block(layer, _) => layer,
        }
    }
}

/// Layers and what is wanted of them, made at compute time from linked [`Layer`]s.
///
/// Layers of equal name are one: work that two collections share is computed once. An edge leads
/// from an input to its consumer and carries the number of the input there.
#[derive(Clone)]
pub struct Graph {
    pub(crate) layers: StableDiGraph<LayerNode, u32>,
    pub(crate) by_name: NameMap<Name, LayerId>,
    pub(crate) wanted: Vec<Wanted>,
    /// Two layers to which the user gave one name; reported when the graph is planned.
    pub(crate) duplicate: Option<Error>,
}

impl Graph {
    /// Everything reachable from the given layers; all their blocks are wanted, in order.
    ///
    /// # Complexity
    /// O(layers + links) time and memory, without recursion.
    pub fn new<'a>(roots: impl IntoIterator<Item = &'a Arc<Layer>>) -> Graph {
        let mut graph = Graph {
            layers: StableDiGraph::new(),
            by_name: NameMap::default(),
            wanted: Vec::new(),
            duplicate: None,
        };
        for root in roots {
            let id = graph.add(root);
            graph.wanted.push(Wanted::Layer(id));
        }
        graph
    }

    fn add(&mut self, root: &Arc<Layer>) -> LayerId {
        let mut stack: Vec<(&Layer, bool)> = vec![(root, false)];
        while let Some((layer, inputs_added)) = stack.pop() {
            if let Some(&id) = self.by_name.get(layer.name()) {
                self.check_same(id, layer);
                continue;
            }
            if inputs_added || layer.inputs().is_empty() {
                self.add_node(layer);
            } else {
                stack.push((layer, true));
                stack.extend(layer.inputs().iter().map(|input| (&**input, false)));
            }
        }
        self.by_name[root.name()]
    }

    /// A token stands for its content, but a name that the user gave may have been given twice.
    fn check_same(&mut self, id: LayerId, layer: &Layer) {
        let known = &self.layers[id];
        // What `persist` computed keeps the name of what it was computed from.
        let is_held = |blocks: &dyn Blocks| blocks.constant(0).is_some();
        if layer.name().is_given()
            && !Arc::ptr_eq(&known.blocks, layer.blocks())
            && !is_held(&*known.blocks)
            && !is_held(&**layer.blocks())
        {
            self.duplicate.get_or_insert(Error::DuplicateKey {
                key: Box::new(Key::new(layer.name().clone())),
                first: known.made_at,
                second: layer.made_at(),
            });
        }
    }

    fn add_node(&mut self, layer: &Layer) {
        let id = self.layers.add_node(LayerNode {
            name: layer.name().clone(),
            blocks: layer.blocks().clone(),
            made_at: layer.made_at(),
        });
        for (number, input) in layer.inputs().iter().enumerate() {
            self.layers.add_edge(self.by_name[input.name()], id, number as u32);
        }
        self.by_name.insert(layer.name().clone(), id);
    }

    /// Wants these tasks, in this order, instead of what was wanted before.
    ///
    /// # Errors
    /// [`Error::MissingKey`] for a layer that is not in the graph or a position outside its grid.
    pub fn want(&mut self, keys: &[Key]) -> Result<()> {
        let wanted = keys.iter().map(|key| self.find(key)).collect::<Result<_>>()?;
        self.wanted = wanted;
        Ok(())
    }

    fn find(&self, key: &Key) -> Result<Wanted> {
        if let Some(&id) = self.by_name.get(&key.name) {
            let grid = self.layers[id].blocks.grid();
            if contains(grid, &key.index) {
                return Ok(Wanted::Block(id, flatten(grid, &key.index)));
            }
        }
        Err(Error::MissingKey {
            key: Box::new(key.clone()),
            needed_by: None,
            made_at: None,
            similar: None,
        })
    }

    /// Number of layers.
    pub fn n_layers(&self) -> usize {
        self.layers.node_count()
    }

    /// Number of tasks of all layers, needed or not.
    pub fn n_tasks(&self) -> u64 {
        let n_tasks = |layer: &LayerNode| n_blocks(layer.blocks.grid()).map_or(u64::MAX, u64::from);
        self.layers.node_weights().map(n_tasks).fold(0, u64::saturating_add)
    }

    /// The layers, inputs before consumers.
    pub fn layer_ids(&self) -> Vec<LayerId> {
        // Links go from later to earlier layers only, so there is always an order.
        petgraph::algo::toposort(&self.layers, None).unwrap_or_default()
    }

    /// A layer.
    ///
    /// # Panics
    /// If the graph has no such layer (a pass may have removed it).
    pub fn layer(&self, id: LayerId) -> &LayerNode {
        &self.layers[id]
    }

    /// The layer of this name, if there is one.
    pub fn layer_named(&self, name: &Name) -> Option<LayerId> {
        self.by_name.get(name).copied()
    }

    /// The inputs of a layer, by input number.
    pub fn inputs(&self, id: LayerId) -> SmallVec<[LayerId; 4]> {
        let mut inputs: SmallVec<[(u32, LayerId); 4]> = self
            .layers
            .edges_directed(id, Incoming)
            .map(|edge| (*edge.weight(), edge.source()))
            .collect();
        inputs.sort_unstable_by_key(|input| input.0);
        inputs.into_iter().map(|input| input.1).collect()
    }

    pub(crate) fn is_wanted(&self, id: LayerId) -> bool {
        self.wanted.iter().any(|wanted| wanted.layer() == id)
    }

    /// The needed tasks, in the order that keeps the least in memory.
    ///
    /// # Errors
    /// - [`Error::DuplicateKey`] if the user gave one name to different layers.
    /// - [`Error::Cycle`] if tasks need each other.
    /// - [`Error::TooLarge`] above 2^30 tasks or 2^32 dependencies.
    /// - [`Error::InvalidLayer`] if a layer names blocks that its inputs do not have.
    ///
    /// # Complexity
    /// O(needed tasks + dependencies), about 0.1 to 0.3 µs a task; see [`crate::order`].
    pub fn plan(&self) -> Result<Plan> {
        Plan::new(self, &PlanOptions::default())
    }

    /// As [`Graph::plan`], with other choices.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    pub fn plan_with(&self, options: &PlanOptions) -> Result<Plan> {
        Plan::new(self, options)
    }
}

impl Graph {
    /// Wants these blocks of one layer, in this order.
    pub(crate) fn want_blocks(&mut self, layer: &Name, blocks: &[u32]) {
        if let Some(&id) = self.by_name.get(layer) {
            self.wanted = blocks.iter().map(|&block| Wanted::Block(id, block)).collect();
        }
    }
}
