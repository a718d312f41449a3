//! Pictures of plans (a node a task) and of graphs (a node a layer).

use crate::draw::{Direction, Fill, Legend, Node, Picture, Shape};
use crate::graph::{Graph, LayerNode};
use crate::grid::n_blocks;
use crate::plan::{Plan, TaskRef};

/// Up to this many tasks a picture shows the tasks, beyond it the layers.
pub(crate) const MAX_TASKS: usize = 500;

impl Plan {
    /// A picture of the tasks: boxes are values that are known, circles are functions.
    pub fn picture(&self) -> Picture {
        self.picture_with(task_node)
    }

    /// As [`Plan::picture`], coloured by the order in which tasks start: dark first, light last.
    pub fn picture_of_order(&self) -> Picture {
        let last = self.len().saturating_sub(1);
        let legend = Legend { title: "starts".into(), low: "0".into(), high: last.to_string() };
        let of_order = |task: TaskRef<'_>| {
            let place = f64::from(task.id()) / last.max(1) as f64;
            task_node(task).with_fill(Fill::Scale(place)).with_sublabel(task.id().to_string())
        };
        self.picture_with(of_order).with_legend(legend)
    }

    /// A picture with a node of your choice for each task: labels, colours, tooltips.
    pub fn picture_with(&self, node: impl Fn(TaskRef<'_>) -> Node) -> Picture {
        let mut picture = Picture::new();
        for task in self.tasks() {
            picture.add_node(node(task));
        }
        for task in self.tasks() {
            for dep in task.deps() {
                picture.add_edge(dep.id() as usize, task.id() as usize);
            }
        }
        picture
    }
}

fn task_node(task: TaskRef<'_>) -> Node {
    let tooltip = format!("{}\nmade at {}", task.key(), task.made_at());
    let node = match task.constant() {
        Some(value) => Node::new(value.describe()).with_shape(Shape::Box),
        None => Node::new(task.op_name()),
    };
    node.with_tooltip(tooltip)
}

impl Graph {
    /// A picture of the layers, with the number of their tasks.
    pub fn picture(&self) -> Picture {
        let mut picture = Picture::new().with_direction(Direction::TopDown);
        let ids = self.layer_ids();
        let mut number = vec![0; self.node_bound()];
        for &id in &ids {
            number[id.index()] = picture.add_node(layer_node(self.layer(id)));
        }
        for &id in &ids {
            let mut inputs = self.inputs(id);
            inputs.sort_unstable();
            inputs.dedup();
            for input in inputs {
                picture.add_edge(number[input.index()], number[id.index()]);
            }
        }
        picture
    }
}

fn layer_node(layer: &LayerNode) -> Node {
    let n = n_blocks(layer.blocks.grid()).map_or(u64::MAX, u64::from);
    let tasks = if n == 1 { "1 task".to_owned() } else { format!("{n} tasks") };
    Node::new(layer.blocks.op_name())
        .with_sublabel(tasks)
        .with_shape(Shape::Rounded)
        .with_tooltip(format!("{}\nmade at {}", layer.name, layer.made_at))
}
