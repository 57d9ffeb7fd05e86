namespace Dlt.Aws;

/// <summary>Removes the members that are null from an answer: in the protocols of AWS they mean the same as missing ones.</summary>
internal static class NullMembers
{
    /// <summary>Returns the answer without null members, at any depth; the same object when it has none.</summary>
    public static JsonValue Remove(JsonValue value)
    {
        if (!HasNull(value)) return value;
        return value.Kind == JsonKind.Array
            ? JsonValue.Array([.. value.Items.Select(Remove)])
            : JsonValue.Object(value.Members.Where(m => !m.Value.IsNull).Select(m => KeyValuePair.Create(m.Key, Remove(m.Value))));
    }

    /// <summary>True when an object in the value, or the value itself, has a null member.</summary>
    private static bool HasNull(JsonValue value)
    {
        if (value.Kind == JsonKind.Array)
        {
            foreach (var item in value.Items)
                if (HasNull(item)) return true;
        }
        else if (value.Kind == JsonKind.Object)
        {
            foreach (var (_, member) in value.Members)
                if (member.IsNull || HasNull(member)) return true;
        }

        return false;
    }
}
