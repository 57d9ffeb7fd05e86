using Dlt.Sources.Cursors;

namespace Dlt.Sources.Rest;

/// <summary>The values that placeholders stand for in one series of pages: fields of the parent's record, and the cursor.</summary>
/// <param name="plan">The resource.</param>
/// <param name="record">Record of the parent; null for a resource without one.</param>
/// <param name="context">Context of the resource, with the records of further ancestors.</param>
internal sealed class RestValues(RestResourcePlan plan, JsonValue? record, ResourceContext context)
{
    private const string State = "Nothing of this run was loaded, and the state is as before.";

    /// <summary>Returns the value of a placeholder; the JSON null when it has none.</summary>
    /// <exception cref="DltException">The parent's record has no such field.</exception>
    public JsonValue Of(RestPlaceholder placeholder) => placeholder switch
    {
        RestPlaceholder.Bound bound => bound.Value,
        RestPlaceholder.ParentField field => FieldOf(field),
        RestPlaceholder.Cursor cursor => CursorValueOf(cursor.Value),
        _ => throw new InvalidOperationException($"The placeholder {placeholder.GetType().Name} is unknown."),
    };

    /// <summary>Returns fields of the parent's record, with the names that they have in the records of the child.</summary>
    /// <exception cref="DltException">The parent's record has no such field.</exception>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> Included()
    {
        if (record is null || plan.IncludeFromParent.Length == 0) return [];
        return
        [
            .. plan.IncludeFromParent.Select(name => KeyValuePair.Create(
                $"_{plan.Parent}_{name}",
                Member(record, name) ?? throw Missing(record, plan.Parent!, name, "include_from_parent hands on"))),
        ];
    }

    private JsonValue FieldOf(RestPlaceholder.ParentField field)
    {
        var source = field.Resource == plan.Parent
            ? record!
            : RestRecordValue.Of(context.Ancestors.GetValueOrDefault(field.Resource));
        var found = source.Kind == JsonKind.Object ? field.Field.FirstIn(source) : Member(source, field.Field.Text);
        return found ?? throw Missing(source, field.Resource, field.Field.Text, $"the placeholder {{{field.Text}}} needs");
    }

    /// <summary>Returns a member of a record; a scalar has one that is called <c>value</c>, as its column is.</summary>
    private static JsonValue? Member(JsonValue source, string name) =>
        source.Kind == JsonKind.Object ? source[name] : name == "value" ? source : null;

    private DltException Missing(JsonValue source, string parent, string field, string why)
    {
        var has = source.Kind == JsonKind.Object
            ? $"It has {string.Join(", ", source.Members.Names.Take(30))}."
            : "It is no object: its value is called 'value'.";
        return new($"Resource '{plan.Name}': a record of '{parent}' has no field '{field}', which {why}. {has} {State} "
            + "Correct the name, or leave such records out with the data selector or the processing steps of the parent.");
    }

    private JsonValue CursorValueOf(RestCursorValue which)
    {
        if (context.Cursor is not { } cursor) return JsonValue.Null;
        var value = RequestValue.Plain(which switch
        {
            RestCursorValue.InitialValue => cursor.Initial,
            RestCursorValue.EndValue => cursor.End,
            _ => cursor.Last,
        });
        return value.IsNull || plan.Convert is null ? value : plan.Convert(value);
    }
}
