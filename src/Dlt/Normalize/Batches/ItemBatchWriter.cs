using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Values;
using Dlt.Parquet;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize.Batches;

/// <summary>
/// Turns batches of items into rows. Columns that the schema has are copied if their values fit. Other rows take the exact path, one by
/// one, until the rest can be copied. The result equals that of the same items as JSON.
/// </summary>
/// <param name="schema">Schema with the names and types.</param>
/// <param name="capabilities">Limits of the destination.</param>
/// <param name="tree">Decides which values stay nested.</param>
/// <param name="rows">Writes the rows.</param>
/// <param name="ids">Source of the row ids.</param>
/// <param name="addExact">Adds an item, with its row number, by the exact path.</param>
internal sealed class ItemBatchWriter(
    Schema schema, DestinationCapabilities capabilities, RowTree tree, RowWriter rows, IRowIdSource ids, Action<JsonValue, int> addExact)
{
    /// <summary>Adds the rows of a batch.</summary>
    /// <param name="batch">The items.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="allowsCopy">Returns false when rows of the table always need the exact path.</param>
    public void Add(RecordBatch batch, string table, Func<TableBuffer, bool> allowsCopy)
    {
        var fields = Enumerable.Range(0, batch.ColumnCount)
            .Select(i => (batch.Schema.GetFieldByIndex(i).Name, ArrowValues.Of(batch.Column(i))))
            .ToList();
        Func<int, JsonValue>? items = null;
        var unknowns = new HashSet<string>(StringComparer.Ordinal);
        var isExact = false;
        for (var row = 0; row < batch.Length;)
        {
            var exactRows = batch.Length - row;
            if (!isExact && rows.Find(table) is { RowIds: not null, Parent: null } buffer && allowsCopy(buffer))
            {
                var plan = new Plan(schema.Table(table), row);
                isExact = !TryPlan(fields, [], tree.Nesting(table), plan);
                if (!isExact && plan.FirstUnknown is null)
                {
                    Copy(plan, buffer, batch.Length - row);
                    return;
                }

                if (plan.FirstUnknown is { } unknown)
                {
                    if (unknowns.Add(plan.UnknownColumn!)) exactRows = unknown + 1 - row;
                    else isExact = true;   // its values go to other columns, in an unknown number of rows
                }
            }
            else if (!isExact)
            {
                exactRows = 1;
                isExact = rows.Find(table) is { RowIds: not null } found && !allowsCopy(found);
            }

            items ??= BatchRows.Items(batch);
            for (var end = row + (isExact ? batch.Length - row : exactRows); row < end; row++) addExact(items(row), row);
        }
    }

    /// <returns>False when the rows cannot be copied, even after the schema grows.</returns>
    private bool TryPlan(IEnumerable<(string Name, ArrowValues Values)> fields, string[] path, int level, Plan plan)
    {
        foreach (var (name, values) in fields)
        {
            string[] full = [.. path, tree.Identifier(plan.Table.Name, path, name)];
            var column = schema.Naming.ShortenFragments(full);
            if (!values.HasValue(plan.FirstRow))
            {
                if (values.HasOwnNull(plan.FirstRow)) plan.Nulls.Add(column);
                continue;
            }

            if (values is NestedValues && !tree.StaysNested(plan.Table.Name, column, level))
            {
                if (values is not StructValues nested || !TryPlan(nested.Fields, full, level - 1, plan)) return false;
                if (values.HasOwnNull(plan.FirstRow)) plan.Nulls.Add(column);
                continue;
            }

            if (!plan.Table.TryGetColumn(column, out var known) || !known.IsComplete)
            {
                var first = plan.FirstRow;
                while (values.IsNull(first)) first++;
                if (first < (plan.FirstUnknown ?? int.MaxValue)) (plan.FirstUnknown, plan.UnknownColumn) = (first, column);
                continue;
            }

            var type = FileColumnTypes.Of(known, capabilities);
            var rounds = values is DecimalValues && rows.Decimals.Rounds(plan.Table.Name, column, known);
            var fitting = rounds ? ((DecimalValues)values).Rounding() : values;
            if (!fitting.Fits(type, plan.FirstRow) || (!known.IsNullable && !values.HasNoNulls)) return false;
            if (SystemTables.IsSystemName(column) || plan.Columns.Exists(c => c.Column.Name == column)) return false;
            plan.Columns.Add((known, type, fitting));
        }

        return true;
    }

    private void Copy(Plan plan, TableBuffer buffer, int count)
    {
        var first = buffer.Rows;
        for (var i = 0; i < count; i++) buffer.Commit(buffer.Begin(), ids);
        foreach (var (column, type, values) in plan.Columns)
        {
            values.Copy(new(type, rows.Column(buffer, column).Buffer), first, plan.FirstRow);
            if (values is DecimalValues { Rounded: > 0 and var rounded }) rows.Rounded.Add(plan.Table.Name, column.Name, rounded);
        }

        foreach (var column in plan.Nulls) rows.NoteNull(plan.Table.Name, column);
        if (plan.Table.TryGetColumn(SystemTables.LoadId, out var loadId)) rows.Column(buffer, loadId);
    }

    /// <summary>Maps the columns of a batch to table columns, from one row on.</summary>
    private sealed class Plan(TableSchema table, int firstRow)
    {
        public TableSchema Table { get; } = table;

        public int FirstRow { get; } = firstRow;

        public List<(ColumnSchema Column, ColumnType Type, ArrowValues Values)> Columns { get; } = [];

        /// <summary>Columns with a null, which may turn out to have only nulls.</summary>
        public List<string> Nulls { get; } = [];

        /// <summary>First row with a value for a column that the schema lacks.</summary>
        public int? FirstUnknown { get; set; }

        /// <summary>Name of the column that the schema lacks.</summary>
        public string? UnknownColumn { get; set; }
    }
}
