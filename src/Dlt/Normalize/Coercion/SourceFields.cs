using Apache.Arrow.Types;
using Dlt.Normalize.Rows;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Coercion;

/// <summary>
/// Lists the fields of a batch, including those in structs and lists, with the tables and columns that they become. A struct or list comes
/// before its fields, as the column that it is when it stays nested.
/// </summary>
/// <param name="schema">Schema that makes the names of tables and columns.</param>
/// <param name="tree">Makes identifiers by the rules of the table.</param>
internal sealed class SourceFields(Schema schema, RowTree tree)
{
    private const string ListPart = "list";
    private const string ValuePart = "value";

    /// <summary>Lists the fields of a batch.</summary>
    /// <param name="batch">The schema of a batch of items.</param>
    /// <param name="table">Identifier of the root table.</param>
    public IEnumerable<SourceField> Of(Apache.Arrow.Schema batch, string table) =>
        batch.FieldsList.SelectMany(f => Of(f.Name, f.DataType, [table], []));

    private IEnumerable<SourceField> Of(string name, IArrowType type, string[] tablePath, string[] path)
    {
        var table = schema.Naming.ShortenFragments(tablePath);
        string[] full = [.. path, tree.Identifier(table, path, name)];
        var field = new SourceField(table, schema.Naming.ShortenFragments(full), type);
        switch (type)
        {
            case StructType structs:
                return [field, .. structs.Fields.SelectMany(f => Of(f.Name, f.DataType, tablePath, full))];
            case ListType or LargeListType or FixedSizeListType:
                string[] around = [.. tablePath, .. path];
                return [field, .. OfElement(((NestedType)type).Fields[0].DataType, [.. around, tree.TablePart(around, name)])];
            default:
                return [field];
        }
    }

    /// <summary>Lists the fields of a list's elements, which are the rows of its table.</summary>
    private IEnumerable<SourceField> OfElement(IArrowType type, string[] tablePath) => type switch
    {
        StructType structs => structs.Fields.SelectMany(f => Of(f.Name, f.DataType, tablePath, [])),
        ListType or LargeListType or FixedSizeListType => Of(ListPart, type, tablePath, []),
        _ => Of(ValuePart, type, tablePath, []),
    };
}

/// <summary>A field of a batch, with the table and column that it becomes.</summary>
/// <param name="Table">Identifier of the table that holds the values.</param>
/// <param name="Column">Identifier of the column.</param>
/// <param name="Type">Type of the field in the batch.</param>
internal readonly record struct SourceField(string Table, string Column, IArrowType Type);
