"""Build a small property graph, change it, ask it questions."""

from groggy import Graph

g = Graph(backend="c-gpu")

alice = g.add_node("alice", age=30, city="NYC")
bob = g.add_node("bob", age=25, city="SF")
carol = g.add_node("carol", age=41, city="NYC", tags=["chess", "ski"])
g.add_edge(alice, bob, relationship="friends", since=2020)
g.add_edge(alice, carol, relationship="colleagues", since=2015)

print(g)
print("alice knows", g.get_neighbors(alice))
print("older New Yorkers:", g.filter_nodes("age > 28 and city == 'NYC'"))
print("mean age by city:", g.group_by("city", value="age", agg="mean"))

# A node is a live mapping: reads and writes go to the graph.
node = g.get_node(bob)
node["age"] += 1
print("bob is", g.get_node(bob)["age"])

# A batch happens whole or not at all.
try:
    with g.batch_operations() as batch:
        batch.add_node("dave", age=19)
        batch.update_node("nobody", age=1)
except KeyError as error:
    print("nothing was added:", error, "- dave is in the graph:", g.has_node("dave"))
