"""«Срочно» and «Вернусь на связь»: calls for people, and the duty person who answers them."""
