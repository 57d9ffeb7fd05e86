using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using NestedType = Apache.Arrow.Types.NestedType;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Batches;

/// <summary>Refuses names that are known before the first row and become one identifier: the values of one would be lost.</summary>
/// <param name="schema">How names become identifiers.</param>
/// <param name="nesting">What stays nested, and so has no columns of its own.</param>
/// <param name="former">Names that the dataset has from earlier versions.</param>
/// <param name="origin">Where the rows come from, for messages: <c>'items'</c>, or a file.</param>
internal sealed class KnownNames(Schema schema, NestingRules nesting, FormerNames former, string origin)
{
    private readonly Dictionary<(string Table, string Name), string> _seen = [];

    /// <exception cref="SchemaException">Two columns, or two lists, have one identifier.</exception>
    public void Check(ItemBatch batch, string table) =>
        Check(batch.Rows.Schema.FieldsList, [table], [], nesting.Of(table), "", batch.Names == BatchNames.Fields);

    /// <param name="fields">The fields at one place.</param>
    /// <param name="table">Parts of the table's name.</param>
    /// <param name="path">Identifiers of the structs around them within the table.</param>
    /// <param name="level">Levels of nesting that are left.</param>
    /// <param name="source">Names of the structs and lists around them, each with a point.</param>
    /// <param name="withNested">True when the names of nested fields are known too.</param>
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
            $"{what} '{_seen[place]}' and '{source}' of {origin} would both be named '{name}'. Nothing of this run was loaded, "
                + "and the state is as before. Rename one of them.")
        { Table = place.Table, Column = place.Name.Length > 0 ? place.Name : null };
    }
}
