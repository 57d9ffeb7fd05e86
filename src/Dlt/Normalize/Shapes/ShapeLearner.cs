using System.Text;
using Dlt.Json;
using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Shapes;

/// <summary>
/// Remembers, after the exact path took an item, where its fields went, so that the next item like it can take the fast path.
/// </summary>
internal sealed class ShapeLearner(Schema schema, RowTree tree, NormalizeKeys keys, Func<string, TableBuffer?> findTable)
{
    private const string ListPart = "list";
    private const string ValuePart = "value";

    private readonly Dictionary<TableBuffer, FieldShape> _lists = [];

    /// <summary>Forgets whose lists the tables hold; the shapes are forgotten as well.</summary>
    public void Forget() => _lists.Clear();

    public void Learn(JsonValue item, ObjectShape shape, string[] tablePath)
    {
        foreach (var (name, value) in item.Members)
        {
            if (NeedsEscape(name)) continue;
            var field = shape.GetOrAdd(Encoding.UTF8.GetBytes(name));
            var identifier = tree.Identifier(shape.Table.Name, shape.Path, name);
            string[] path = [.. shape.Path, identifier];
            var column = schema.Naming.ShortenFragments(path);
            LearnColumn(field, shape.Table, column);
            field.HasSeenNull |= value.Kind == JsonKind.Null;
            if (value.Kind == JsonKind.Object && !tree.StaysNested(shape.Table.Name, column, shape.Level))
            {
                field.Object ??= new ObjectShape(shape.Table, path, shape.Level - 1);
                Learn(value, field.Object, tablePath);
            }
            else if (value.Kind == JsonKind.Array && !tree.StaysNested(shape.Table.Name, column, shape.Level))
            {
                string[] listPath = [.. tablePath, .. shape.Path, tree.TablePart([.. tablePath, .. shape.Path], name)];
                field.AllowsEmptyList = true;
                if (!field.NeedsExactLists) field.List = LearnList(value, field.List, listPath, shape.Level - 1, shape.Table, field);
            }
        }
    }

    private ListShape? LearnList(JsonValue list, ListShape? known, string[] path, int level, TableBuffer parent, FieldShape? field)
    {
        if (known is null)
        {
            if (findTable(schema.Naming.ShortenFragments(path)) is not { RowIds: not null } table || table.Parent != parent) return null;
            if (field is not null && !Owns(field, table)) return null;
            known = new ListShape(table, level);
        }

        foreach (var element in list.Items)
        {
            switch (element.Kind)
            {
                case JsonKind.Object:
                    Learn(element, known.Element, path);
                    break;
                case JsonKind.Array:
                    // The row between carries only keys; its column "list" counts one level more.
                    var column = schema.NormalizeIdentifier(ListPart);
                    if (!tree.StaysNested(known.Table.Name, column, level - 1))
                        known.Nested = LearnList(
                            element, known.Nested, [.. path, schema.NormalizeTableIdentifier(ListPart)], level - 2, known.Table, null);
                    break;
                default:
                    known.Value ??= new FieldShape(Encoding.UTF8.GetBytes(ValuePart));
                    known.Value.HasSeenNull |= element.Kind == JsonKind.Null;
                    LearnColumn(known.Value, known.Table, schema.NormalizeIdentifier(ValuePart));
                    break;
            }
        }

        return known;
    }

    /// <summary>Two keys whose lists are one table: the exact path sees whether an item has both.</summary>
    private bool Owns(FieldShape field, TableBuffer table)
    {
        if (_lists.TryAdd(table, field) || _lists[table] == field) return true;
        _lists[table].RequireExactLists();
        field.RequireExactLists();
        return false;
    }

    private void LearnColumn(FieldShape field, TableBuffer table, string column)
    {
        var found = table.TryGetColumn(column, out var known) ? known : null;
        if (IsKey(column)) field.RequireRowPath(found);
        else if (found is not null) field.SetColumn(found);
        else if (schema.TryGetTable(table.Name, out var stored) && stored.TryGetColumn(column, out var declared) && !declared.IsNullable)
            field.RequireRowPath(null);
    }

    private bool IsKey(string column) =>
        column == keys.RowIdColumn || column == keys.LoadIdColumn || column == keys.ParentIdColumn || column == keys.ListIndexColumn
            || column == keys.RootIdColumn;

    private static bool NeedsEscape(string name)
    {
        foreach (var c in name)
            if (c is < ' ' or '"' or '\\') return true;
        return false;
    }
}
