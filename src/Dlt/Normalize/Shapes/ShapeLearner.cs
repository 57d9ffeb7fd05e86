using System.Text;
using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Shapes;

/// <summary>
/// Records the columns of an item's fields after the exact path has written it, so the next item of the same shape can take the fast path.
/// </summary>
internal sealed class ShapeLearner(Schema schema, RowTree tree, NormalizeKeys keys, Func<string, TableBuffer?> findTable)
{
    private const string ListPart = "list";
    private const string ValuePart = "value";

    private readonly Dictionary<TableBuffer, FieldShape> _lists = [];

    /// <summary>Forgets which field's lists each table holds. The caller discards the shapes too.</summary>
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
                    // The row in between has only keys; its column "list" counts as one more level.
                    var column = schema.NormalizeIdentifier(ListPart);
                    if (tree.StaysNested(known.Table.Name, column, level - 1)) break;
                    string[] inner = [.. path, schema.NormalizeTableIdentifier(ListPart)];
                    known.Nested = LearnList(element, known.Nested, inner, level - 2, known.Table, null);
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

    /// <summary>
    /// Returns true when only this field's lists go to the table. If two keys share a table, their lists take the exact path, which checks
    /// that an item does not have both.
    /// </summary>
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
