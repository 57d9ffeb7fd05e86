using Apache.Arrow.Types;
using Apache.Arrow;
using Dlt.Items;
using NestedType = Apache.Arrow.Types.NestedType;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Names;

/// <summary>Refuses names of columns that become the same normalized name. One of them would overwrite the values of the other.</summary>
/// <param name="schema">Schema that normalizes names.</param>
/// <param name="nesting">Decides which fields stay nested, and therefore have no columns.</param>
/// <param name="former">Names that earlier versions gave to columns and tables.</param>
/// <param name="origin">Origin of the rows for error messages: <c>'items'</c>, or a file.</param>
internal sealed class KnownNames(Schema schema, NestingRules nesting, FormerNames former, string origin)
{
    private readonly Dictionary<(string Table, string Name), string> _seen = [];

    /// <summary>Checks the columns of a batch.</summary>
    /// <exception cref="SchemaException">Two columns, or two lists, have the same normalized name.</exception>
    public void Check(ItemBatch batch, string table) =>
        Check(batch.Rows.Schema.FieldsList, [table], [], nesting.Of(table), "", batch.Names == BatchNames.Fields);

    /// <summary>Checks the fields of one level, and those nested in them.</summary>
    /// <param name="fields">Fields of the level.</param>
    /// <param name="table">Parts of the table's normalized name.</param>
    /// <param name="path">Normalized names of the structs around the fields, within the table.</param>
    /// <param name="level">Number of remaining nesting levels.</param>
    /// <param name="source">Names of the structs and lists around the fields, each with a point.</param>
    /// <param name="withNested">True when the names of nested fields are known, too.</param>
    private void Check(IEnumerable<Field> fields, string[] table, string[] path, int level, string source, bool withNested)
    {
        var name = schema.Naming.ShortenFragments(table);
        foreach (var field in fields)
        {
            string[] full = [.. path, former.Identifier(schema, name, path, field.Name)];
            var column = schema.Naming.ShortenFragments(full);
            var type = field.DataType is DictionaryType dictionary ? dictionary.ValueType : field.DataType;
            if (type is not NestedType nested || nesting.StaysNested(name, column, level))
            {
                Claim((name, column), $"{source}{field.Name}");
                continue;
            }

            if (!withNested || nested is MapType) continue;
            if (nested is StructType)
            {
                Check(nested.Fields, table, full, level - 1, $"{source}{field.Name}.", withNested);
                continue;
            }

            string[] list = [.. table, .. path, former.TablePart(schema, [.. table, .. path], field.Name)];
            Claim((schema.Naming.ShortenFragments(list), ""), $"{source}{field.Name}");
            if (nested.Fields[0].DataType is StructType element)
                Check(element.Fields, list, [], level - 1, $"{source}{field.Name}.", withNested);
        }
    }

    private void Claim((string Table, string Name) place, string source)
    {
        if (_seen.TryAdd(place, source)) return;
        var (what, name) = place.Name.Length > 0 ? ("Columns", place.Name) : ("Lists", place.Table);
        throw new SchemaException(
            $"{what} '{_seen[place]}' and '{source}' of {origin} would both be named '{name}'. "
            + "Nothing of this run was loaded, and the state is as before. Rename one of them.")
        { Table = place.Table, Column = place.Name.Length > 0 ? place.Name : null };
    }
}
